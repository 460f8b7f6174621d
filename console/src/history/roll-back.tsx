import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { Project } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { announce } from '../ui/announcer.tsx'
import { Differences } from './differences.tsx'
import { pathOf, type Revised } from './queries.ts'

interface RollBackProps {
  project: Project
  of: Revised
  /** The revision that is now, and the one to go back to. */
  newest: number
  to: number
  onClose: () => void
}

/** Asks before something becomes what it was, and shows what that changes. */
export function RollBack({ project, of, newest, to, onClose }: RollBackProps) {
  const client = useQueryClient()
  return (
    <Ask
      title={`Roll back to revision ${to}`}
      submit="Roll back"
      act={async (_, idempotencyKey) => {
        await request('POST', `${pathOf(of)}/actions/rollback`, { body: { to }, idempotencyKey })
        announce(`Rolled back to revision ${to}.`)
        await client.invalidateQueries({ queryKey: [`${of.kind}s`] })
      }}
      onClose={onClose}
    >
      <div className="roll-back">
        <p>
          {of.kind === 'sprint'
            ? 'The fields of the sprint become what they were; its tasks stay where they are.'
            : 'The task becomes what it was.'}{' '}
          That is a new revision: what came since stays in the history.
        </p>
        <Differences
          project={project}
          of={of}
          from={newest}
          to={to}
          alike="It is like that already: nothing would change."
        />
      </div>
    </Ask>
  )
}
