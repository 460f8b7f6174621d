import { ImportReport } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** Imports a spec's tasks.md into its newest open sprint, else into the backlog. */
export async function main(
  api: CDevgodzillaApi,
  spec_id: number,
  content: string,
  commit?: string,
  overwrite_existing = false,
): Promise<ImportReport> {
  return apiOf(api).post(
    `/specs/${spec_id}/actions/import-tasks`,
    { content, commit: commit ?? undefined, overwrite_existing: overwrite_existing ?? false },
    ImportReport,
  )
}
