import { ImportReport, Velocity } from '../lib/answers.ts'
import { type ImportSummary, summarise } from '../lib/import_summary.ts'

/** Says what a run from spec to tasks came to. */
export async function main(
  spec_path: string,
  imported: object,
  velocity?: object,
  notes: string[] = [],
): Promise<ImportSummary & { notes: string[] }> {
  const points = velocity == null ? null : Velocity.parse(velocity)
  return { ...summarise(ImportReport.parse(imported), spec_path, points), notes: notes ?? [] }
}
