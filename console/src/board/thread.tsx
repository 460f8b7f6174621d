import { useQuery } from '@tanstack/react-query'
import { specsQuery } from '../api/queries.ts'
import type { ProtocolRun, Sprint } from '../api/types.ts'
import { spoken } from '../format/words.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import './thread.css'

interface ThreadProps {
  projectId: number
  sprint: Sprint
  runs: readonly ProtocolRun[]
}

/** The three ledgers that this board ties together: the file, the run, the sprint. */
export function Thread({ projectId, sprint, runs }: ThreadProps) {
  const { data: specs } = useQuery({
    ...specsQuery(projectId),
    enabled: sprint.spec_id !== null,
  })
  const spec = specs?.find((it) => it.id === sprint.spec_id)
  const linked = runs.find((run) => run.linked_sprint_id === sprint.id)
  const others = runs.length - (linked ? 1 : 0)
  if (!spec && runs.length === 0) return null
  return (
    <ol className="thread" aria-label="Where this sprint comes from">
      {spec && (
        <li>
          <span className="thread-kind">Spec</span>
          <code>{spec.path}</code>
        </li>
      )}
      {linked && (
        <li>
          <span className="thread-kind">Run</span>
          <span>
            <span className="id">#{linked.id}</span> {linked.protocol_name}
            <span className="thread-state">
              <StatusMark status={linked.status} /> {spoken(linked.status)}
            </span>
          </span>
        </li>
      )}
      {others > 0 && (
        <li>
          <span className="thread-kind">Also</span>
          <span>{others === 1 ? '1 more run' : `${others} more runs`}</span>
        </li>
      )}
      <li>
        <span className="thread-kind">Board</span>
        <span className="id">{sprint.code}</span>
      </li>
    </ol>
  )
}
