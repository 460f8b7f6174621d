import { type Coded, sprintFolder, taskFolder } from '../../core/delegation/paths.ts'
import type { Project } from '../../core/entities/project.ts'
import { codedAgain } from '../../store/codes.ts'
import type { Db } from '../../store/database.ts'

interface Folders {
  sprint(sprint: Coded): string
  task(sprint: Coded, task: Coded): string
}

/** Where the files of a project's sprints and tasks are. */
export async function foldersOf(db: Db, { id, settings }: Project): Promise<Folders> {
  const again = async (of: 'sprint' | 'task') =>
    (settings.delegation ?? 'off') === 'off' ? new Set<number>() : await codedAgain(db, of, id)
  const sprints = await again('sprint')
  const tasks = await again('task')
  const sprint = (it: Coded) => sprintFolder(it, sprints.has(it.id))
  return { sprint, task: (of, it) => taskFolder(sprint(of), it, tasks.has(it.id)) }
}
