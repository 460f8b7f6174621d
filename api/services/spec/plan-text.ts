import { createHash } from 'node:crypto'
import { invalid } from '../../core/errors.ts'
import type { ExistingTask, ImportedFields, ImportPlan } from '../../core/speckit/import-types.ts'
import { parseTasks } from '../../core/speckit/parse-tasks.ts'
import { planImport } from '../../core/speckit/plan-import.ts'
import { SpecKitError } from '../../core/speckit/speckit-error.ts'
import type { ParsedTasks } from '../../core/speckit/types.ts'
import type { TaskRow } from '../../store/tasks.ts'
import { asJson, columnOf, fieldOf } from './merged-fields.ts'

export interface Text {
  text: string
  overwriteExisting: boolean
  takeBacklog: boolean
}

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** What a text would do to the cards of its spec: the import and its preview plan alike. */
export function planned(
  { text, overwriteExisting, takeBacklog }: Text,
  rows: readonly TaskRow[],
  openSprints: ReadonlySet<number>,
  sprintId: number | null,
) {
  const parsed = parsedText(text)
  const isOpen = (task: TaskRow) => task.sprint_id === null || openSprints.has(task.sprint_id)
  const plan = planImport(
    parsed,
    rows.map((row) => existingOf(row, isOpen(row))),
    { sprintId, overwriteExisting, takeBacklog },
  )
  return { parsed, plan, isOpen }
}

/** Of a plan, what it leaves out, leaves where it is, and finds in disagreement. */
export function tell(plan: ImportPlan, rows: readonly TaskRow[]) {
  const sprintOf = new Map(rows.map((row) => [row.id, row.sprint_id]))
  return {
    archived: plan.archives.map(({ id, externalId }) => ({ task_id: id, external_id: externalId })),
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
  }
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
