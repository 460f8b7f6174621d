import { apiOf } from '../lib/api.ts'
import { readExistingTasks, withFilesOf } from '../lib/project_files.ts'
import { requireDocument } from '../lib/spec_documents.ts'
import type { TasksFile } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** The last of SpecKit's three steps: takes the tasks.md that is in the repository. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  project_id: number,
  spec_path: string,
): Promise<TasksFile> {
  const client = apiOf(api)
  await requireDocument(client, git, project_id, 'tasks.md', spec_path)
  return withFilesOf(client, git, project_id, (repository) =>
    readExistingTasks(repository, spec_path),
  )
}
