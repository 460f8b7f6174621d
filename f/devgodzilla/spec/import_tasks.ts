import { ImportReport } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/**
 * Imports a spec's tasks.md. New tasks go into its newest open sprint, where there is one, and those
 * that wait in the backlog with them, unless `take_backlog` is false.
 */
export async function main(
  api: CDevgodzillaApi,
  spec_id: number,
  content: string,
  commit?: string,
  overwrite_existing = false,
  take_backlog = true,
): Promise<ImportReport> {
  return apiOf(api).post(
    `/specs/${spec_id}/actions/import-tasks`,
    {
      content,
      commit: commit ?? undefined,
      overwrite_existing: overwrite_existing ?? false,
      take_backlog: take_backlog ?? true,
    },
    ImportReport,
  )
}
