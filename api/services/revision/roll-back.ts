import {
  rollBackSprint as sprintCommand,
  rollBackTask as taskCommand,
} from '../../commands/revisions.ts'
import { conflict, found } from '../../core/errors.ts'
import { writeRevisionsNow } from '../../store/revisions.ts'
import { lockSprint } from '../../store/sprints.ts'
import { findTask } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { named, newest, type Of, ofSprint, ofTask } from './named.ts'
import { restoreSprint, type SprintContent } from './restore-sprint.ts'
import { lockForRestoring, restoreTasks } from './restore-tasks.ts'
import type { TaskContent } from './task-content.ts'

export const rollBackTask = mutation(taskCommand, async (work, { task_id, to }) => {
  const of = ofTask(task_id)
  const task = found(await findTask(work.tx, task_id), 'task', task_id)
  const target = await named(work.tx, of, to)
  const wanted = new Map([[task_id, contentAt<TaskContent>(target.content)]])
  const { rows } = await lockForRestoring(work, wanted)
  const before = await newest(work.tx, of)
  const [refused] = await restoreTasks(work, rows, wanted)
  if (refused) throw refused.error
  return rolledBack(work, of, before.number, {
    ...{ type: 'task.rolled_back', entity_type: 'task', entity_id: task_id },
    ...{ project_id: task.project_id, sprint_id: rows.get(task_id)?.sprint_id ?? null },
    payload: { to: target.number, hash: target.hash },
  })
})

export const rollBackSprint = mutation(sprintCommand, async (work, { sprint_id, to }) => {
  const of = ofSprint(sprint_id)
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  const target = await named(work.tx, of, to)
  const before = await newest(work.tx, of)
  await restoreSprint(work, sprint, contentAt<SprintContent>(target.content))
  return rolledBack(work, of, before.number, {
    ...{ type: 'sprint.rolled_back', entity_type: 'sprint', entity_id: sprint_id },
    ...{ project_id: sprint.project_id, sprint_id },
    payload: { to: target.number, hash: target.hash },
  })
})

function contentAt<T>(content: string): T {
  const parsed = JSON.parse(content) as T | null
  if (parsed === null) throw conflict('revision_has_content', 'It was deleted at that revision.')
  return parsed
}

/** The newest revision now; told where that is another one than before. */
async function rolledBack(
  work: Work,
  of: Of,
  before: number,
  event: Parameters<Work['record']>[number],
) {
  await writeRevisionsNow(work.tx)
  const after = await newest(work.tx, of)
  if (after.number === before) work.nothingChanged()
  else await work.record(event)
  return after
}
