import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { Project, Sprint } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { Dialog } from '../ui/dialog.tsx'
import { SprintFields, sprintFields, sprintOf } from './sprint-fields.tsx'

export interface SprintDialogProps {
  project: Project
  sprint: Sprint
  onClose: () => void
}

export function EditDialog({ project, sprint, onClose }: SprintDialogProps) {
  const client = useQueryClient()
  const timeZone = project.settings.time_zone ?? 'UTC'
  const form = useForm({
    send: (typed, idempotencyKey) =>
      request<Sprint>('PATCH', `/sprints/${sprint.id}`, {
        body: sprintOf(typed, sprint, timeZone),
        idempotencyKey,
      }),
    onSent: async () => {
      await client.invalidateQueries({ queryKey: ['sprints'] })
      onClose()
    },
  })
  return (
    <Dialog title={`Change ${sprint.name}`} onClose={onClose}>
      <Form form={form} submit="Save" fields={sprintFields} onCancel={onClose}>
        <SprintFields sprint={sprint} timeZone={timeZone} />
      </Form>
    </Dialog>
  )
}
