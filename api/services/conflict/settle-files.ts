import { updateSprint } from '../../commands/sprints.ts'
import { updateTask } from '../../commands/tasks.ts'
import { fieldsToTake, saidByEach, wantedOf } from '../../core/delegation/taken-fields.ts'
import type { Conflict } from '../../core/entities/conflict.ts'
import { DomainError } from '../../core/errors.ts'
import { lockOpenConflicts, resolveConflicts } from '../../store/conflicts.ts'
import { settleInFiles } from '../../store/delegation-files.ts'
import { findTasks } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { changeSprint } from '../sprint/update.ts'
import { editTask } from '../task/update.ts'
import type { Side } from './decide.ts'
import { tellResolved } from './supersede.ts'

export type Settled = { conflict: Conflict } & (
  | { outcome: 'resolved' | 'unchanged' }
  | { outcome: 'stays'; rule: string; detail: string }
)
type Refusal = { rule: string; detail: string }

/**
 * Resolves conflicts with files below delegation/: for the board, which the next sync writes into
 * the file, or for the file, whose value is taken by the ordinary ways of changing tasks and sprints.
 */
export async function settleFiles(
  work: Work,
  conflicts: readonly Conflict[],
  side: Side,
  overrideReason: string | undefined,
): Promise<Settled[]> {
  const open = await lockOpenConflicts(
    work.tx,
    conflicts.map((it) => it.id),
  )
  const refused = new Map<number, Refusal>()
  const asked = conflicts.filter((it) => open.has(it.id))
  if (side === 'board') {
    for (const conflict of asked) {
      await settleInFiles(work.tx, entityOf(conflict), conflict.field, conflict.other_value)
    }
  } else {
    const groups = new Map<string, Conflict[]>()
    for (const conflict of asked) {
      const { type, id } = entityOf(conflict)
      groups.set(`${type} ${id}`, [...(groups.get(`${type} ${id}`) ?? []), conflict])
    }
    for (const group of groups.values()) await takeFiles(work, group, overrideReason, refused)
  }
  const ids = asked.filter((it) => !refused.has(it.id)).map((it) => it.id)
  const resolved = await resolveConflicts(work.tx, ids, side, work.caller.actor)
  await tellResolved(work, resolved)
  if (ids.length > 0) work.changed = true

  const after = new Map(resolved.map((it) => [it.id, it]))
  return conflicts.map((conflict): Settled => {
    const refusal = refused.get(conflict.id)
    if (refusal) return { conflict, outcome: 'stays', ...refusal }
    if (!open.has(conflict.id)) return { conflict, outcome: 'unchanged' }
    return { conflict: after.get(conflict.id) ?? conflict, outcome: 'resolved' }
  })
}

const entityOf = ({ task_id, sprint_id }: Conflict) =>
  task_id === null
    ? { type: 'sprint' as const, id: sprint_id ?? 0 }
    : { type: 'task' as const, id: task_id }

/** Takes what files say of one task or sprint; notes for each conflict why it cannot be taken. */
async function takeFiles(
  work: Work,
  conflicts: readonly Conflict[],
  override_reason: string | undefined,
  refused: Map<number, Refusal>,
): Promise<void> {
  const takeable = conflicts.filter((conflict) => {
    const refusal = refusalOf(conflict)
    if (refusal) refused.set(conflict.id, refusal)
    return refusal === null
  })
  const [first] = takeable
  if (!first) return
  const { type, id } = entityOf(first)
  const fields = Object.fromEntries(takeable.map((it) => [it.field, it.other_value]))
  try {
    if (type === 'sprint') {
      const { override_reason: _, ...wanted } = updateSprint.body.parse(wantedOf(fields, {}))
      await changeSprint(work, { sprint_id: id, override_reason, ...wanted })
    } else {
      const [task] = await findTasks(work.tx, [id])
      const { override_reason: _, ...wanted } = updateTask.body.parse(
        wantedOf(fields, task?.agent_config ?? {}),
      )
      await editTask(work, { task_id: id, override_reason, ...wanted })
    }
  } catch (error) {
    const refusal = explain(error)
    if (!refusal) throw error
    for (const conflict of takeable) refused.set(conflict.id, refusal)
  }
}

function refusalOf(conflict: Conflict): Refusal | null {
  if (saidByEach(conflict.other_value)) {
    return {
      rule: 'files_disagree',
      detail: 'Its files say different things: make them say the same, or resolve for the board.',
    }
  }
  if (fieldsToTake[entityOf(conflict).type](conflict.field)) return null
  return {
    rule: 'shown_by_files_only',
    detail: `"${conflict.field}" is only shown in files: change it by its own command, copy what you need of the text from here, then resolve for the board.`,
  }
}

function explain(error: unknown): Refusal | null {
  if (error instanceof DomainError) return { rule: error.rule, detail: error.message }
  if (!(error instanceof Error) || !('issues' in error)) return null
  return { rule: 'invalid', detail: `What the file says cannot be taken: ${error.message}` }
}
