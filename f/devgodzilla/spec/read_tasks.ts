import { apiOf } from '../lib/api.ts'
import { type CountedTasks, importsOf } from '../lib/newest_tasks.ts'
import { withFilesOf } from '../lib/project_files.ts'
import { readTasks } from '../lib/spec_files.ts'

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
): Promise<CountedTasks | null> {
  const client = apiOf(api)
  const imports = await importsOf(client, project_id, spec_path)
  return withFilesOf(client, git, project_id, async (repository) => {
    const file = await readTasks(repository, spec_path)
    return file ? { ...file, imports } : null
  })
}
