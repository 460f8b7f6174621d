import { ImportReport, Spec, Task } from '../lib/answers.ts'
import { apiOf } from '../lib/api.ts'
import { itemsOf } from '../lib/pages.ts'
import { showProgress } from '../lib/progress.ts'

type CDevgodzillaApi = { base_url: string; token: string }

/** What the API says it imported, held against the tasks that are really there. */
export interface ValidatedImport {
  recognised: number
  /** Tasks of the spec on a board or in the backlog. */
  present: number
  /** Tasks of the spec that were archived: gone from the file, or put away by hand. */
  archived: number
}

/** @throws when a recognised task is missing, or the API's own counts do not add up */
export async function main(api: CDevgodzillaApi, imported: object): Promise<ValidatedImport> {
  const report = ImportReport.parse(imported)
  const client = apiOf(api)
  const { recognised, created, updated, unchanged } = report
  // A task may be none of the three, such as one that was only taken from the backlog.
  if (created + updated + unchanged > recognised) {
    throw new Error(
      `the import does not add up: ${recognised} tasks recognised, but ${created} created, ` +
        `${updated} updated and ${unchanged} unchanged; run the flow again`,
    )
  }
  const found = { recognised, present: 0, archived: 0 }
  let seen = 0
  for await (const task of itemsOf(client, '/tasks', Task, { spec_id: report.spec_id })) {
    if (++seen % 1000 === 0) await showProgress(seen, Math.max(seen, recognised))
    if (task.external_id === null) continue
    if (task.board_status === 'archived') found.archived++
    else found.present++
  }
  if (found.present + found.archived < recognised) {
    const spec = await client.get(`/specs/${report.spec_id}`, Spec)
    throw new Error(
      `${recognised} tasks of ${spec.path} were recognised, but only ` +
        `${found.present + found.archived} exist; run the flow again`,
    )
  }
  return found
}
