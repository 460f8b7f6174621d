import type { FileConflict } from '../../commands/delegation.ts'
import { isGenerated } from '../../core/delegation/fields.ts'
import type { FieldConflict } from '../../core/delegation/merge.ts'
import { openFileConflicts, resolveConflicts } from '../../store/conflicts.ts'
import { recordConflictsOf, recordConflictsOfSprints } from '../conflict/record.ts'
import { tellResolved } from '../conflict/supersede.ts'
import type { Work } from '../runtime.ts'
import { namesOf } from './file-state.ts'
import { sha256Of } from './ground.ts'
import type { Settled } from './settle-edits.ts'

/**
 * What a conflict is about as people read it. A text that the database alone writes is shown by the
 * name of its file and a mark of what was in it, so that each edit has a conflict of its own.
 */
function nameOf(conflict: FieldConflict): string {
  if (!isGenerated(conflict.field)) return conflict.field
  const mark = sha256Of(JSON.stringify(conflict.file)).slice(0, 8)
  return `${conflict.files[0]}: ${conflict.field.replace('generated.', '')} (${mark})`
}
const isOfText = (field: string) => /^(SPRINT\.md|TASK\.md|AGENT\.yml)[ :]/.test(field)

/** Keeps both sides of what is in conflict, and ends those conflicts that are none any more. */
export async function tellConflicts(work: Work, settled: readonly Settled[]): Promise<void> {
  const sides = (conflict: FieldConflict) => ({
    source: 'file' as const,
    field: nameOf(conflict),
    step_run_id: null,
    base_value: conflict.base,
    board_value: conflict.database,
    other_value: conflict.file,
  })
  await recordConflictsOf(
    work,
    settled.flatMap(({ state: { entity }, conflicts }) =>
      entity.type === 'task' ? conflicts.map((it) => ({ task: entity.row, sides: sides(it) })) : [],
    ),
  )
  await recordConflictsOfSprints(
    work,
    settled.flatMap(({ state: { entity }, conflicts }) =>
      entity.type === 'sprint'
        ? conflicts.map((it) => ({ sprint: entity.row, sides: sides(it) }))
        : [],
    ),
  )
  await endConflicts(work, settled)
}

async function endConflicts(work: Work, settled: readonly Settled[]): Promise<void> {
  const sure = settled.filter(
    ({ state, refused }) =>
      !refused &&
      !state.unchanged &&
      state.files.length === namesOf(state.entity).length &&
      state.files.every((file) => file.found !== null),
  )
  const idsOf = (type: 'task' | 'sprint') =>
    sure.flatMap(({ state: { entity } }) => (entity.type === type ? [entity.id] : []))
  const open = await openFileConflicts(work.tx, idsOf('task'), idsOf('sprint'))
  const still = new Set(
    sure.flatMap(({ state: { entity }, conflicts }) =>
      conflicts.map((it) => `${entity.type} ${entity.id} ${nameOf(it)}`),
    ),
  )
  const over = open.filter((it) => {
    const of = it.task_id === null ? `sprint ${it.sprint_id}` : `task ${it.task_id}`
    return !isOfText(it.field) && !still.has(`${of} ${it.field}`)
  })
  const ids = over.map((it) => it.id)
  await tellResolved(work, await resolveConflicts(work.tx, ids, 'superseded', work.caller.actor))
}

/** The same for the answer of a sync. */
export const conflictsOf = ({ state, conflicts }: Settled): FileConflict[] =>
  conflicts.map((it) => ({
    path: `${state.entity.folder}/${it.files[0] ?? namesOf(state.entity)[0]}`,
    field: nameOf(it),
    base: it.base,
    database: it.database,
    file: it.file,
  }))
