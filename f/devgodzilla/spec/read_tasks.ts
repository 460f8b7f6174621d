import { apiOf } from '../lib/api.ts'
import { withFilesOf } from '../lib/project_files.ts'
import { readTasks, type TasksFile } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Reads a spec's tasks.md as it is now; null when the repository has none (any more). */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
  spec_path: string,
): Promise<TasksFile | null> {
  return withFilesOf(
    apiOf(api),
    git,
    project_id,
    async (repository) => (await readTasks(repository, spec_path)) ?? null,
  )
}
