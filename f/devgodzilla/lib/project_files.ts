import { Project } from './answers.ts'
import type { Api } from './api.ts'
import type { GitResource } from './git.ts'
import { type Repository, withRepository } from './repository.ts'
import { listSpecs, readTasks, type TasksFile, tasksPath } from './spec_files.ts'

/** Opens the repository of a project that is known by its id; at a ref, for reading alone. */
export async function withFilesOf<T>(
  api: Api,
  git: GitResource,
  projectId: number,
  use: (repository: Repository) => Promise<T>,
  ref?: string | null,
): Promise<T> {
  const project = await api.get(`/projects/${projectId}`, Project)
  return withRepository(project, git, use, undefined, ref)
}

/** Reads a tasks.md that has to be there. @throws naming the ones that are, when it is not */
export async function readExistingTasks(
  repository: Repository,
  specPath: string,
): Promise<TasksFile> {
  const file = await readTasks(repository, specPath)
  if (file) return file
  const there = (await listSpecs(repository)).filter(({ files }) => files.includes('tasks.md'))
  const known = there.slice(0, 5).map(({ path }) => path)
  throw new Error(
    `there is no ${tasksPath(specPath)} in the repository: ` +
      (known.length > 0
        ? `spec_path may be ${known.join(', ')}${there.length > 5 ? ', …' : ''}`
        : 'no feature folder has a tasks.md yet; run /speckit.tasks in it first'),
  )
}
