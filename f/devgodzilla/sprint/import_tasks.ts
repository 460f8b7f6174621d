import { ImportReport } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Imports the text of a tasks.md into a sprint; the same text twice changes nothing. */
export async function main(
  api: CDevgodzillaApi,
  sprint_id: number,
  spec_path: string,
  content: string,
  commit?: string,
  overwrite_existing = false,
): Promise<ImportReport> {
  return apiOf(api).post(
    `/sprints/${sprint_id}/actions/import-tasks`,
    {
      spec_path,
      content,
      commit: commit ?? undefined,
      overwrite_existing: overwrite_existing ?? false,
    },
    ImportReport,
  )
}
