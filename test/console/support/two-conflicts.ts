import type { TestApi } from '../../support/api.ts'
import type { SampleSprint } from './sample-sprint.ts'

/** A card moved while its step runs, and a title changed on the board and in the file. */
export async function twoConflicts(client: TestApi, sample: SampleSprint): Promise<void> {
  const [plan] = sample.steps
  await client.post(`/steps/${plan}/actions/start`)
  const step = (await client.get(`/steps/${plan}`)).body
  await client.patch(`/tasks/${step.linked_task_id}`, { board_status: 'done' })
  const { items } = (await client.get(`/sprints/${sample.sprintId}/tasks`)).body
  const task = items.find((it: { external_id: string }) => it.external_id === 'T002')
  await client.patch(`/tasks/${task.id}`, { title: 'Store one check-in per habit' })
  await client.post(`/sprints/${sample.sprintId}/actions/import-tasks`, {
    spec_path: 'specs/001-daily-streaks',
    content: '- [ ] T002 [US1] Store a check-in per habit and week in src/streaks/store.ts\n',
  })
}
