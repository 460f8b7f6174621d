import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import { Ask } from '../form/ask.tsx'
import { listed } from '../format/words.ts'
import { announce } from '../ui/announcer.tsx'
import type { SessionDialogProps } from './dialog-props.ts'

export function EndDialog({ session, onClose }: SessionDialogProps) {
  const client = useQueryClient()
  const { key, agent, claims } = session
  const held = claims.map(({ task_code }) => task_code)
  return (
    <Ask
      title={`End the session of ${agent}`}
      submit="End the session"
      act={async (_, idempotencyKey) => {
        await request('POST', `/sessions/${key}/end`, { body: {}, idempotencyKey })
        announce('The session is ended.')
        await client.invalidateQueries({ queryKey: ['sessions'] })
      }}
      onClose={onClose}
    >
      <div className="session-asked">
        <p>
          {held.length > 0
            ? `${listed(held)} ${held.length === 1 ? 'is' : 'are'} free again, for another agent to take.`
            : 'It holds no task.'}{' '}
          What the agent does from now on in this session is refused. What it has done and noted
          stays, and it can be resumed:
        </p>
        <p>
          <code>AGENT INIT SESSION:{key}</code>
        </p>
      </div>
    </Ask>
  )
}
