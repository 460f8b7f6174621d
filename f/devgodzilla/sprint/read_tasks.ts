import { Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { type CountedTasks, readNewestTasks } from '../lib/newest_tasks.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Reads tasks.md from the repository of the project that a sprint belongs to, or from a ref of it. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  sprint_id: number,
  spec_path: string,
  ref?: string,
): Promise<CountedTasks & { project_id: number }> {
  const client = apiOf(api)
  const { project_id } = await client.get(`/sprints/${sprint_id}`, Sprint)
  const file = await readNewestTasks(client, git, project_id, spec_path, ref)
  return { ...file, project_id }
}
