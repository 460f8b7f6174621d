import { createTask } from '../../services/task/create.ts'
import { deleteTask } from '../../services/task/delete.ts'
import { addTaskDependency, removeTaskDependency } from '../../services/task/depend.ts'
import {
  getTask,
  listTaskArtifacts,
  listTaskDependencies,
  listTasks,
} from '../../services/task/read.ts'
import { updateTask } from '../../services/task/update.ts'

export const tasks = [
  listTasks,
  createTask,
  getTask,
  updateTask,
  deleteTask,
  listTaskDependencies,
  addTaskDependency,
  removeTaskDependency,
  listTaskArtifacts,
]
