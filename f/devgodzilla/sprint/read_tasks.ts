import { Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { readExistingTasks, withFilesOf } from '../lib/project_files.ts'
import type { TasksFile } from '../lib/spec_files.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/** Reads tasks.md from the repository of the project that a sprint belongs to. */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  sprint_id: number,
  spec_path: string,
): Promise<TasksFile> {
  const client = apiOf(api)
  const sprint = await client.get(`/sprints/${sprint_id}`, Sprint)
  return withFilesOf(client, git, sprint.project_id, (repository) =>
    readExistingTasks(repository, spec_path),
  )
}
