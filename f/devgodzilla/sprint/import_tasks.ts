import { ImportReport, Sprint } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { importNewest, readNewestTasks } from '../lib/newest_tasks.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/**
 * Imports the text of a tasks.md into a sprint; the same text twice changes nothing. With `imports`
 * from before it was read, one that another import has overtaken is read again from the repository.
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  sprint_id: number,
  spec_path: string,
  content: string,
  commit?: string,
  imports?: number,
  overwrite_existing = false,
  ref?: string,
): Promise<ImportReport> {
  const client = apiOf(api)
  return importNewest(
    { content, commit: commit ?? undefined, expected_imports: imports ?? undefined },
    (source) =>
      client.post(
        `/sprints/${sprint_id}/actions/import-tasks`,
        { spec_path, ...source, overwrite_existing: overwrite_existing ?? false },
        ImportReport,
      ),
    async () => {
      const { project_id } = await client.get(`/sprints/${sprint_id}`, Sprint)
      return readNewestTasks(client, git, project_id, spec_path, ref)
    },
  )
}
