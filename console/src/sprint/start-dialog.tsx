import { useQuery, useQueryClient } from '@tanstack/react-query'
import { sprintTasksQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Sprint } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { formatDay } from '../format/dates.ts'
import { count } from '../format/words.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { plannedOf } from './commitment.ts'
import { Commitment } from './commitment-bar.tsx'
import type { SprintDialogProps } from './edit-dialog.tsx'
import { projectVelocityQuery } from './past-velocity.ts'

/** Says what a start fixes before it does. */
export function StartDialog({ project, sprint, onClose }: SprintDialogProps) {
  const client = useQueryClient()
  const { data: tasks } = useQuery(sprintTasksQuery(sprint.id))
  const { data: past } = useQuery(projectVelocityQuery(project.id))
  const form = useForm({
    send: (_, idempotencyKey) =>
      request<Sprint>('POST', `/sprints/${sprint.id}/actions/start`, { idempotencyKey }),
    onSent: async (started) => {
      announce(`${started.name} has started.`)
      await client.invalidateQueries({ queryKey: ['sprints'] })
      onClose()
    },
  })
  const planned = tasks && plannedOf(tasks)
  return (
    <Dialog title={`Start ${sprint.name}`} onClose={onClose}>
      <Form form={form} submit="Start the sprint" fields={[]} onCancel={onClose}>
        {planned && (
          <>
            <p>
              The commitment becomes{' '}
              <strong>
                {count(planned.points, 'point')} in {count(planned.cards, 'card')}
              </strong>
              . It stays so, whatever is added or taken out later.
            </p>
            {planned.cards === 0 && (
              <p className="notice">It has no card yet: it would commit to nothing.</p>
            )}
            {planned.unestimated > 0 && (
              <p className="notice">
                {count(planned.unestimated, 'card')} without points add nothing to it. Estimate them
                first if they should count.
              </p>
            )}
            <Commitment sprint={sprint} planned={planned} past={past} />
          </>
        )}
        <p>
          {sprint.end_date
            ? `Planned end: ${formatDay(sprint.end_date, project.settings.time_zone)}.`
            : 'It has no last day: without one the burndown has no guideline.'}
        </p>
      </Form>
    </Dialog>
  )
}
