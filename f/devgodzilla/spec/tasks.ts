import { apiOf } from '../lib/api.ts'
import { type CountedTasks, readNewestTasks } from '../lib/newest_tasks.ts'
import { requireDocument } from '../lib/spec_documents.ts'

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
): Promise<CountedTasks> {
  const client = apiOf(api)
  await requireDocument(client, git, project_id, 'tasks.md', spec_path)
  return readNewestTasks(client, git, project_id, spec_path)
}
