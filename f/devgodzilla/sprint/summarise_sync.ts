import { ImportReport, Velocity } from '../lib/answers.ts'
import { type ImportSummary, summarise } from '../lib/import_summary.ts'

/** Says what a sync of tasks.md into a sprint came to. */
export async function main(
  spec_path: string,
  imported: object,
  velocity: object,
): Promise<ImportSummary> {
  return summarise(ImportReport.parse(imported), spec_path, Velocity.parse(velocity))
}
