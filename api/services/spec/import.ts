import { createHash } from 'node:crypto'
import type { ImportReport } from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, invalid } from '../../core/errors.ts'
import type { ExistingTask, ImportedFields, ImportPlan } from '../../core/speckit/import-types.ts'
import { parseTasks } from '../../core/speckit/parse-tasks.ts'
import { isEmptyPlan, planImport } from '../../core/speckit/plan-import.ts'
import { SpecKitError } from '../../core/speckit/speckit-error.ts'
import type { ParsedTasks } from '../../core/speckit/types.ts'
import { countImport, keepImportedText } from '../../store/specs.ts'
import { lockTasksOfSpec, type TaskRow } from '../../store/tasks.ts'
import { supersedeByFile } from '../conflict/supersede.ts'
import type { Work } from '../runtime.ts'
import { openSprintIds } from '../sprint/guard.ts'
import { applyPlan } from './apply-plan.ts'
import { asJson, columnOf, fieldOf } from './merged-fields.ts'

export interface Source {
  text: string
  commit: string | null
  overwriteExisting: boolean
  takeBacklog: boolean
  /** The imports of the spec before the text was read; null where nobody says. */
  expectedImports: number | null
}

/**
 * Imports a text of tasks.md into a locked spec: one merge, one batch. New tasks go into the
 * sprint, or the backlog where there is none. The same text again changes nothing.
 */
export async function importTasks(
  work: Work,
  spec: Spec,
  sprint: Sprint | null,
  source: Source,
): Promise<ImportReport> {
  refuseOvertaken(spec, source.expectedImports)
  const parsed = parsedText(source.text)
  const rows = await lockTasksOfSpec(work.tx, spec.id)
  const open = await openSprintIds(work.tx, rows)
  const isOpen = (task: TaskRow) => task.sprint_id === null || open.has(task.sprint_id)
  const plan = planImport(
    parsed,
    rows.map((row) => existingOf(row, isOpen(row))),
    {
      sprintId: sprint?.id ?? null,
      overwriteExisting: source.overwriteExisting,
      takeBacklog: source.takeBacklog,
    },
  )
  const contentHash = createHash('sha256').update(source.text).digest('hex')
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

/** @throws where the text cannot be kept faithfully */
export function parsedText(text: string): ParsedTasks {
  try {
    return parseTasks(text)
  } catch (error) {
    if (error instanceof SpecKitError) throw invalid('content', error.code, error.message)
    throw error
  }
}

const existingOf = (row: TaskRow, isOpen: boolean): ExistingTask => ({
  id: row.id,
  externalId: row.external_id ?? '',
  occurrence: row.occurrence ?? 1,
  title: row.title,
  description: row.description,
  labels: row.labels,
  boardStatus: row.board_status,
  storyPoints: pointsSaid(row),
  handSet: row.hand_set.map((column) => fieldOf[column] ?? column),
  assignee: row.assignee,
  linkedStep: row.step_run_id !== null,
  archived: row.board_status === 'archived',
  sprintId: row.sprint_id,
  readOnly: !isOpen,
  imported: row.imported as ImportedFields | null,
})

/** Points that nobody has set are a default, and no change on the board. */
function pointsSaid({ story_points, hand_set, step_run_id, imported }: TaskRow): number | null {
  const set = hand_set.includes('story_points') || step_run_id !== null || imported === null
  return set ? story_points : (imported as unknown as ImportedFields).points
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
  const sprintOf = new Map(rows.map((row) => [row.id, row.sprint_id]))
  const touched = new Set([...plan.updates, ...plan.restores].map((change) => change.id))
  return {
    spec_id: spec.id,
    sprint_id: sprint?.id ?? null,
    content_hash: contentHash,
    recognised: parsed.tasks.length,
    created: plan.inserts.length,
    updated: touched.size,
    unchanged: plan.unchanged,
    archived: plan.archives.map(({ id, externalId }) => ({ task_id: id, external_id: externalId })),
    moved: plan.moves.length,
    elsewhere: plan.kept.flatMap(({ id, externalId, reason }) => {
      const sprint_id = sprintOf.get(id) ?? null
      return reason === 'linked_to_step' || sprint_id === null
        ? []
        : [{ task_id: id, external_id: externalId, sprint_id }]
    }),
    conflicts: plan.conflicts.map((conflict) => ({
      task_id: conflict.taskId,
      field: columnOf[conflict.field] ?? conflict.field,
      file: asJson(conflict.file),
      board: asJson(conflict.board),
      base: asJson(conflict.base),
    })),
    dependencies: { hard: applied.hard, suggested: applied.suggested },
    skipped: parsed.skipped,
  }
}
