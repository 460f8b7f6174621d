import { useQuery, useQueryClient } from '@tanstack/react-query'
import { sprintTasksQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Sprint } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { Dialog } from '../ui/dialog.tsx'
import { CarryOver, carryOverIn } from './carry-over.tsx'
import type { SprintDialogProps } from './edit-dialog.tsx'

/** Shows what is open, ends the sprint, and goes on to the report, or to the flow that makes it. */
export function CompleteDialog({ project, sprint, onClose }: SprintDialogProps) {
  const client = useQueryClient()
  const hasFile =
    useQuery(sprintTasksQuery(sprint.id)).data?.some((task) => task.spec_id !== null) ?? false
  const hasRepository = project.local_path !== null || project.repo_url !== null
  const form = useForm({
    send: async (typed, key) => {
      const carry_over_to = carryOverIn(typed)
      return typed.has('tick')
        ? paths.flowRun(await byFlow(sprint, carry_over_to, key))
        : byApi(sprint, carry_over_to, key).then(() => paths.report(project.slug, sprint.code))
    },
    onSent: (to) => {
      onClose()
      navigate(to)
      void client.invalidateQueries({ queryKey: ['sprints'] })
      void client.invalidateQueries({ queryKey: ['projects', project.id] })
    },
  })
  return (
    <Dialog title={`Complete ${sprint.name}`} onClose={onClose}>
      <Form form={form} submit="Complete the sprint" fields={['carry_over_to']} onCancel={onClose}>
        {sprint.status === 'planning' && (
          <p className="notice">It has not started: completing it starts it first.</p>
        )}
        <CarryOver sprint={sprint} slug={project.slug} />
        {hasFile && hasRepository && (
          <label className="check">
            <input type="checkbox" name="tick" />
            <span>
              Import its tasks.md once more first, and tick in it what is done. A flow does that; it
              takes a moment.
            </span>
          </label>
        )}
        <p>The sprint becomes read-only; an admin can open it again.</p>
      </Form>
    </Dialog>
  )
}

const byApi = (sprint: Sprint, carry_over_to: string, idempotencyKey: string) =>
  request('POST', `/sprints/${sprint.id}/actions/complete`, {
    body: { carry_over_to },
    idempotencyKey,
  })

async function byFlow(sprint: Sprint, carry_over_to: string, idempotencyKey: string) {
  const { job_id } = await request<{ job_id: string }>('POST', '/flow-runs', {
    body: { path: 'f/devgodzilla/complete_sprint', args: { sprint_id: sprint.id, carry_over_to } },
    idempotencyKey,
  })
  return job_id
}
