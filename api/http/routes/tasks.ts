import { createTask } from '../../services/task/create.ts'
import { deleteTask } from '../../services/task/delete.ts'
import { addTaskDependency, removeTaskDependency } from '../../services/task/depend.ts'
import { placeTasks } from '../../services/task/place.ts'
import {
  getTask,
  listTaskArtifacts,
  listTaskDependencies,
  listTasks,
} from '../../services/task/read.ts'
import { updateTaskStatus } from '../../services/task/status-update.ts'
import { updateTask } from '../../services/task/update.ts'
import { updateTasks } from '../../services/task/update-many.ts'

export const tasks = [
  listTasks,
  createTask,
  getTask,
  updateTask,
  updateTaskStatus,
  updateTasks,
  placeTasks,
  deleteTask,
  listTaskDependencies,
  addTaskDependency,
  removeTaskDependency,
  listTaskArtifacts,
]
