import { ImportReport, Spec } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { importNewest, readNewestTasks } from '../lib/newest_tasks.ts'

type CDevgodzillaApi = { base_url: string; token: string }
type CDevgodzillaGit = {
  credentials: { host: string; username: string; password: string }[]
}

/**
 * Imports a spec's tasks.md. New tasks go into its newest open sprint, where there is one, and those
 * that wait in the backlog with them, unless `take_backlog` is false. With `imports` from before it
 * was read, one that another import has overtaken is read again from the repository.
 */
export async function main(
  api: CDevgodzillaApi,
  git: CDevgodzillaGit,
  spec_id: number,
  content: string,
  commit?: string,
  imports?: number,
  overwrite_existing = false,
  take_backlog = true,
): Promise<ImportReport> {
  const client = apiOf(api)
  return importNewest(
    { content, commit: commit ?? undefined, expected_imports: imports ?? undefined },
    (source) =>
      client.post(
        `/specs/${spec_id}/actions/import-tasks`,
        {
          ...source,
          overwrite_existing: overwrite_existing ?? false,
          take_backlog: take_backlog ?? true,
        },
        ImportReport,
      ),
    async () => {
      const { project_id, path } = await client.get(`/specs/${spec_id}`, Spec)
      return readNewestTasks(client, git, project_id, path)
    },
  )
}
