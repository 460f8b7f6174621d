import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { projectsQuery, sprintsQuery, taskQuery } from '../api/queries.ts'
import type { StoredEvent } from '../api/types.ts'
import { formatWhole } from '../format/dates.ts'
import { Link } from '../routing/link.tsx'
import { hrefOf, useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { CopyButton } from '../ui/copy-button.tsx'

/** Everything of one event: what it is about, what it belongs to, what it carries. */
export function EventDetail({ id, event }: { id: string; event: StoredEvent }) {
  const { path } = useLocation()
  const here = `${path}?event=${event.id}`
  return (
    <div id={id} className="event-detail">
      <dl>
        <Fact name="When">{formatWhole(event.emitted_at)}</Fact>
        <Fact name="By">
          {event.actor}
          {event.agent && ` (agent ${event.agent})`}
        </Fact>
        <Places event={event} />
        <Fact name="Action">
          <Link to={`${path}?correlation_id=${encodeURIComponent(event.correlation_id)}`}>
            Everything of this action
          </Link>{' '}
          <code>{event.correlation_id}</code>
        </Fact>
        {event.causation_id !== null && (
          <Fact name="Caused by">
            <Link to={`${path}?event=${event.causation_id}`}>event {event.causation_id}</Link>
          </Fact>
        )}
      </dl>
      <pre>{JSON.stringify(event.payload, null, 2)}</pre>
      <p className="event-actions">
        <CopyButton word="Copy as JSON" text={() => JSON.stringify(event, null, 2)} />
        <CopyButton word="Copy link" text={() => window.location.origin + hrefOf(here)} />
      </p>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="event-fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Links to the card, the sprint and the run; what was deleted is told by its number alone. */
function Places({ event }: { event: StoredEvent }) {
  const { data: projects } = useQuery(projectsQuery)
  const { data: sprints } = useQuery(sprintsQuery(event.project_id ?? undefined))
  const isCard = event.entity_type === 'task'
  const { data: task } = useQuery({ ...taskQuery(event.entity_id), enabled: isCard, retry: false })
  const project = projects?.find((it) => it.id === event.project_id)
  if (!project) return null
  const { slug, name } = project
  const codeOf = (id: number | null | undefined) => sprints?.find((it) => it.id === id)?.code
  const [sprint, cardSprint] = [codeOf(event.sprint_id), codeOf(task?.sprint_id)]
  return (
    <>
      <Fact name="Project">
        <Link to={paths.project(slug)}>{name}</Link>
      </Fact>
      {task && (
        <Fact name="Card">
          <Link to={cardSprint ? paths.card(slug, cardSprint, task.code) : paths.backlog(slug)}>
            {task.code} {task.title}
          </Link>
        </Fact>
      )}
      {event.sprint_id !== null && (
        <Fact name="Sprint">
          {sprint ? (
            <Link to={paths.board(slug, sprint)}>{sprint}</Link>
          ) : (
            `${event.sprint_id}, deleted`
          )}
        </Fact>
      )}
      {event.protocol_run_id !== null && (
        <Fact name="Run">
          <Link
            to={
              event.entity_type === 'step'
                ? paths.step(slug, event.protocol_run_id, event.entity_id)
                : paths.run(slug, event.protocol_run_id)
            }
          >
            run {event.protocol_run_id}
          </Link>
        </Fact>
      )}
    </>
  )
}
