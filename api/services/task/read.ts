import { listTaskDependencies as dependenciesCommand } from '../../commands/dependencies.ts'
import {
  listTaskArtifacts as artifactsCommand,
  getTask as getCommand,
  listTasks as listCommand,
} from '../../commands/tasks.ts'
import { found } from '../../core/errors.ts'
import { listArtifacts } from '../../store/artifacts.ts'
import { dependenciesOf } from '../../store/dependencies.ts'
import { findTask, listTasks as list } from '../../store/tasks.ts'
import { query } from '../query.ts'

export const listTasks = query(listCommand, ({ db }, filter) => list(db, filter))

export const getTask = query(getCommand, async ({ db }, { task_id }) =>
  found(await findTask(db, task_id), 'task', task_id),
)

export const listTaskDependencies = query(dependenciesCommand, async ({ db }, { task_id }) => {
  found(await findTask(db, task_id), 'task', task_id)
  const edges = await dependenciesOf(db, task_id)
  return {
    depends_on: edges.filter((edge) => edge.task_id === task_id),
    needed_by: edges.filter((edge) => edge.depends_on_id === task_id),
  }
})

export const listTaskArtifacts = query(artifactsCommand, async ({ db }, { task_id, ...page }) => {
  found(await findTask(db, task_id), 'task', task_id)
  return listArtifacts(db, { taskId: task_id }, page)
})
