import type { ImportReport } from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict } from '../../core/errors.ts'
import type { ImportPlan } from '../../core/speckit/import-types.ts'
import { isEmptyPlan } from '../../core/speckit/plan-import.ts'
import type { ParsedTasks } from '../../core/speckit/types.ts'
import { countImport, keepImportedText } from '../../store/specs.ts'
import type { TaskRow } from '../../store/tasks.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import type { LockedCards } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { idsOfOpen } from '../sprint/guard.ts'
import { applyPlan } from './apply-plan.ts'
import { hashOf, planned, type Text, tell } from './plan-text.ts'

export interface Source extends Text {
  commit: string | null
  /** The imports of the spec before the text was read; null where nobody says. */
  expectedImports: number | null
}

/**
 * Imports a text of tasks.md into a locked spec with its cards: one merge, one batch. New tasks go into the
 * sprint, or the backlog where there is none. The same text again changes nothing.
 */
export async function importTasks(
  work: Work,
  spec: Spec,
  sprint: Sprint | null,
  cards: LockedCards,
  source: Source,
): Promise<ImportReport> {
  refuseOvertaken(spec, source.expectedImports)
  const rows = [...cards.rows.values()]
  const open = idsOfOpen(cards.sprints)
  const { parsed, plan, isOpen } = planned(source, rows, open, sprint?.id ?? null)
  const contentHash = hashOf(source.text)
  const applied = await applyPlan(
    work,
    spec,
    rows,
    plan,
    sprint?.id ?? null,
    (task) => task.sprint_id === sprint?.id || isOpen(task),
  )
  await supersedeByFile(
    work,
    rows.map((row) => row.id),
    source.overwriteExisting ? 'other' : 'superseded',
  )
  const report = reportOf(parsed, plan, rows, spec, sprint, contentHash, applied)

  if (isEmptyPlan(plan) && !applied.dependenciesChanged && spec.content_hash === contentHash) {
    // Whoever read the file before this look at it must not import it after.
    if (source.expectedImports !== null) await countImport(work.tx, spec.id)
    work.nothingChanged()
    return report
  }
  await keepImportedText(work.tx, spec.id, {
    tasksMd: source.text,
    contentHash,
    commit: source.commit,
  })
  await work.record({
    type: 'spec.tasks_imported',
    entity_type: 'spec',
    entity_id: spec.id,
    project_id: spec.project_id,
    sprint_id: sprint?.id ?? null,
    payload: {
      content_hash: contentHash,
      created: report.created,
      updated: report.updated,
      archived: report.archived.length,
      moved: report.moved,
      conflicts: report.conflicts.length,
    },
  })
  return report
}

/**
 * Of two that read a file and import it, the later import may hold the older text. Refused, its
 * sender reads the file again, which is then no older than what was imported.
 */
function refuseOvertaken(spec: Spec, expected: number | null): void {
  if (expected === null || expected === spec.imports) return
  throw conflict(
    'import_overtaken',
    `Another import of ${spec.path} came between (expected_imports ${expected}, now ${spec.imports}): read its tasks.md again and import that, with expected_imports ${spec.imports}.`,
  )
}

function reportOf(
  parsed: ParsedTasks,
  plan: ImportPlan,
  rows: readonly TaskRow[],
  spec: Spec,
  sprint: Sprint | null,
  contentHash: string,
  applied: { hard: number; suggested: number },
): ImportReport {
  const touched = new Set([...plan.updates, ...plan.restores].map((change) => change.id))
  return {
    spec_id: spec.id,
    sprint_id: sprint?.id ?? null,
    content_hash: contentHash,
    recognised: parsed.tasks.length,
    created: plan.inserts.length,
    updated: touched.size,
    unchanged: plan.unchanged,
    moved: plan.moves.length,
    ...tell(plan, rows),
    dependencies: { hard: applied.hard, suggested: applied.suggested },
    skipped: parsed.skipped,
  }
}
