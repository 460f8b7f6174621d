import { useQueryClient } from '@tanstack/react-query'
import type { Project, Sprint } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'
import { OfSprint, SprintHead } from '../project/of-sprint.tsx'
import { isClosed } from '../scrum/sprint-order.ts'
import { SprintActions } from '../sprint/sprint-actions.tsx'
import { History } from './history.tsx'
import { historyQuery, type Revised } from './queries.ts'

/** What a sprint has been; its cards have histories of their own. */
export function SprintHistoryPage({ slug, code }: { slug: string; code: string }) {
  return (
    <OfSprint slug={slug} code={code} title="History">
      {(project, sprint) => <SprintHistory project={project} sprint={sprint} />}
    </OfSprint>
  )
}

function SprintHistory({ project, sprint }: { project: Project; sprint: Sprint }) {
  const client = useQueryClient()
  const of: Revised = { kind: 'sprint', id: sprint.id }
  const again = () => {
    void client.invalidateQueries({ queryKey: historyQuery(of).queryKey })
    void client.invalidateQueries({ queryKey: ['sprints', 'by-code'] })
  }
  useEvents({ entity_type: 'sprint', entity_id: sprint.id }, { onOpen: again, onEvents: again })
  return (
    <div className="page history-page">
      <SprintHead
        project={project}
        sprint={sprint}
        end={<SprintActions project={project} sprint={sprint} />}
      />
      <section className="section" aria-labelledby="history">
        <h2 id="history">History</h2>
        <History project={project} of={of} ended={isClosed(sprint)} />
      </section>
    </div>
  )
}
