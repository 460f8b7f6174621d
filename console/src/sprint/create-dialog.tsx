import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { protocolsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Project, Sprint } from '../api/types.ts'
import { Field, Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SprintFields, sprintFields, sprintOf } from './sprint-fields.tsx'

interface CreateDialogProps {
  project: Project
  onClose: () => void
}

/** A sprint, empty or with a card for each step of a protocol run. */
export function CreateDialog({ project, onClose }: CreateDialogProps) {
  const client = useQueryClient()
  const timeZone = project.settings.time_zone ?? 'UTC'
  const [runId, setRunId] = useState('')
  const runs = useQuery(protocolsQuery(project.id)).data?.filter(
    // The one chosen stays, should its sprint be there already when the answer was lost.
    (run) => run.linked_sprint_id === null || String(run.id) === runId,
  )
  const run = runs?.find(({ id }) => String(id) === runId)
  const form = useForm({
    send: async (typed, key) => {
      const wanted = sprintOf(typed, null, timeZone)
      return run ? fromRun(run.id, wanted, key) : create(project.id, wanted, key)
    },
    onSent: async (sprint) => {
      announce(`Created ${sprint.name}.`)
      await client.invalidateQueries({ queryKey: ['sprints'] })
      void client.invalidateQueries({ queryKey: protocolsQuery(project.id).queryKey })
      onClose()
    },
  })
  return (
    <Dialog title="Create a sprint" onClose={onClose}>
      <Form
        form={form}
        submit="Create"
        fields={[...sprintFields, 'sprint_name', 'protocol_id']}
        onCancel={onClose}
      >
        {runs && runs.length > 0 && (
          <Field
            name="protocol_id"
            label="Cards"
            hint={run && 'One card per step; the two follow each other from then on.'}
          >
            {(control) => (
              <select {...control} value={runId} onChange={(event) => setRunId(event.target.value)}>
                <option value="">none yet</option>
                {runs
                  .toSorted((a, b) => b.id - a.id)
                  .map(({ id, protocol_name }) => (
                    <option key={id} value={id}>
                      the steps of run #{id}, {protocol_name}
                    </option>
                  ))}
              </select>
            )}
          </Field>
        )}
        <SprintFields
          timeZone={timeZone}
          {...(run && { namePlaceholder: `${run.protocol_name} Sprint` })}
        />
      </Form>
    </Dialog>
  )
}

type Wanted = ReturnType<typeof sprintOf>

const create = (project_id: number, wanted: Wanted, idempotencyKey: string) =>
  request<Sprint>('POST', '/sprints', { body: { project_id, ...wanted }, idempotencyKey })

/** The run gives the cards; goal and capacity are told to the sprint it made, which it keeps. */
async function fromRun(id: number, wanted: Wanted, key: string): Promise<Sprint> {
  const { name, start_date, end_date, goal, velocity_planned } = wanted
  const sprint = await request<Sprint>('POST', `/protocols/${id}/actions/create-sprint`, {
    body: { sprint_name: name || null, start_date, end_date },
    idempotencyKey: key,
  })
  if (goal === null && velocity_planned === null) return sprint
  return request('PATCH', `/sprints/${sprint.id}`, {
    body: { goal, velocity_planned },
    idempotencyKey: `${key}-more`,
  })
}
