import {
  addTaskDependency as addCommand,
  removeTaskDependency as removeCommand,
} from '../../commands/dependencies.ts'
import { found } from '../../core/errors.ts'
import { addDependencies, dependenciesOf, removeDependency } from '../../store/dependencies.ts'
import { findTask } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { sameProject } from '../sprint/guard.ts'
import { lockEditable } from './editable.ts'

export const addTaskDependency = mutation(addCommand, async (work, input) => {
  const { before: task } = await lockEditable(work, input.task_id, {
    overrideReason: input.override_reason,
  })
  const other = found(await findTask(work.tx, input.depends_on_id), 'task', input.depends_on_id)
  sameProject(`Task ${other.code}`, other.project_id, task.project_id)
  const edge = {
    task_id: task.id,
    depends_on_id: other.id,
    kind: input.kind,
    confidence: 1,
    source: 'hand' as const,
  }
  const [added] = await addDependencies(work.tx, [{ ...edge, project_id: task.project_id }])
  if (!added) {
    work.nothingChanged()
    const known = (await dependenciesOf(work.tx, task.id)).find(
      (it) => it.task_id === task.id && it.depends_on_id === other.id,
    )
    return found(known, 'dependency', `${task.id} on ${other.id}`)
  }
  await work.record({
    type: 'task.dependency_added',
    entity_type: 'task',
    entity_id: task.id,
    project_id: task.project_id,
    sprint_id: task.sprint_id,
    payload: { depends_on_id: other.id, kind: input.kind },
  })
  return added
})

export const removeTaskDependency = mutation(removeCommand, async (work, input) => {
  const { before: task } = await lockEditable(work, input.task_id, {
    overrideReason: input.override_reason,
  })
  const removed = await removeDependency(work.tx, input.task_id, input.depends_on_id)
  if (!removed) {
    work.nothingChanged()
    return { removed }
  }
  await work.record({
    type: 'task.dependency_removed',
    entity_type: 'task',
    entity_id: task.id,
    project_id: task.project_id,
    sprint_id: task.sprint_id,
    payload: { depends_on_id: input.depends_on_id },
  })
  return { removed }
})
