import type { ImportReport, Velocity } from './answers.ts'

/** What an import came to, in numbers and in one sentence. */
export interface ImportSummary {
  message: string
  spec_id: number
  spec_path: string
  sprint_id: number | null
  recognised: number
  created: number
  updated: number
  unchanged: number
  moved: number
  archived: string[]
  elsewhere: ImportReport['elsewhere']
  conflicts: ImportReport['conflicts']
  skipped: ImportReport['skipped']
  velocity: Velocity | null
}

export function summarise(
  report: ImportReport,
  spec_path: string,
  velocity: Velocity | null,
): ImportSummary {
  const { spec_id, sprint_id, recognised, created, updated, unchanged, moved } = report
  const { elsewhere, conflicts, skipped } = report
  const archived = report.archived.map(({ external_id }) => external_id)
  const notable = [
    [moved, 'taken from the backlog'],
    [archived.length, 'archived, since the file has them no more'],
    [elsewhere.length, 'left in another sprint'],
    [conflicts.length, 'conflicts to look at'],
    [skipped.length, 'lines not taken as tasks'],
  ] as const
  const message = [
    `${spec_path}: ${recognised} tasks`,
    `${created} new, ${updated} changed, ${unchanged} as they were`,
    ...notable.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
    velocity ? `${velocity.completed_points} of ${velocity.total_points} points done` : 'no sprint',
  ].join('; ')
  return {
    ...{ message, spec_id, spec_path, sprint_id, recognised, created, updated, unchanged, moved },
    ...{ archived, elsewhere, conflicts, skipped, velocity },
  }
}
