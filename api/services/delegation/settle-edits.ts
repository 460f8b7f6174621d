import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'
import { updateSprint } from '../../commands/sprints.ts'
import { updateTask } from '../../commands/tasks.ts'
import type { Json, Problem } from '../../core/delegation/fields.ts'
import { type FieldConflict, type Merge, mergeFiles } from '../../core/delegation/merge.ts'
import { fieldsToTake, wantedOf } from '../../core/delegation/taken-fields.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { DomainError } from '../../core/errors.ts'
import { lockCards, lockRunsOf } from '../lock.ts'
import type { Work } from '../runtime.ts'
import { changeSprint } from '../sprint/update.ts'
import { editTasks } from '../task/edit-many.ts'
import type { Wanted } from '../task/edited.ts'
import { inTurns } from './in-turns.ts'
import type { EntityState } from './survey.ts'

/** What became of the edits of one task's or sprint's files. */
export interface Settled {
  state: EntityState
  conflicts: FieldConflict[]
  /** Fields that came into the database, and from which file. */
  applied: { field: string; file: string }[]
  /** Its files hold what cannot be: they are left alone until that is mended. */
  refused: boolean
}

/** The three-way merge of the files of one task or sprint. */
export interface Merged {
  state: EntityState
  merge: Merge
}

/** The three-way merges of all files that were found, without carrying anything out. */
export async function merged(states: readonly EntityState[]): Promise<Merged[]> {
  const letOthers = inTurns()
  const merges: Merged[] = []
  for (const state of states) {
    await letOthers()
    if (!state.unchanged) merges.push({ state, merge: mergeOf(state) })
  }
  return merges
}

function mergeOf({ entity, files }: EntityState): Merge {
  const sides = Object.fromEntries(
    files.flatMap(({ name, sides }) => (sides ? [[name, sides] as const] : [])),
  )
  const merge = mergeFiles(sides)
  // Sprints start and end by commands of their own, which do more than set a word.
  for (const [field, { value, file }] of merge.changes) {
    if (fieldsToTake[entity.type](field)) continue
    const side = sides[file]
    merge.changes.delete(field)
    merge.conflicts.push({
      field,
      base: side?.base?.[field] ?? null,
      database: side?.now[field] ?? null,
      file: value,
      files: [file],
    })
  }
  return merge
}

/**
 * Locks what edits of files will change. Answers whether all of it is still as it was when it was
 * read.
 */
export async function lockEdited(work: Work, states: readonly EntityState[]): Promise<boolean> {
  const tasks = states.flatMap(({ entity }) => (entity.type === 'task' ? [entity.row] : []))
  await lockRunsOf(work, tasks)
  const { rows, sprints } = await lockCards(work.tx, tasks, {
    others: states.flatMap(({ entity }) => (entity.type === 'task' ? entity.sprint.id : [])),
    changed: states.flatMap(({ entity }) => (entity.type === 'sprint' ? entity.id : [])),
  })
  return states.every(({ entity }) =>
    entity.type === 'sprint'
      ? saysAll(sprints.get(entity.id), entity.row)
      : saysAll(rows.get(entity.id), entity.row) &&
        saysAll(sprints.get(entity.sprint.id), ofItself(entity.sprint)),
  )
}

/** What follows from the tasks of a sprint, and goes on changing with them, is in none of their files. */
const ofItself = ({ velocity_actual: _, updated_at: __, ...sprint }: Sprint) => sprint

const saysAll = (row: object | undefined, before: object) =>
  row !== undefined && isDeepStrictEqual({ ...row, ...before }, row)

/**
 * Carries out what files alone have changed, by the ordinary ways of changing tasks and sprints.
 * What these refuse becomes a conflict, and a problem that says why.
 */
export async function settleEdits(
  work: Work,
  merges: readonly Merged[],
  problems: Problem[],
): Promise<Settled[]> {
  const settled = merges.map(({ state, merge }) => ({
    settled: {
      state,
      conflicts: merge.conflicts,
      applied: [],
      refused: false,
    } as Settled,
    merge,
  }))
  const wanted = new Map<number, Wanted>()
  const refuse = (one: (typeof settled)[number], error: DomainError) => {
    problems.push(...refusalsOf(one.settled.state, one.merge, error))
    one.settled.conflicts = [...one.merge.conflicts, ...asConflicts(one.settled.state, one.merge)]
    one.settled.applied = []
  }
  const byTask = new Map<number, (typeof settled)[number]>()
  for (const one of settled) {
    const { state } = one.settled
    const { entity } = state
    if (one.merge.changes.size === 0) continue
    const fields = Object.fromEntries([...one.merge.changes].map(([key, it]) => [key, it.value]))
    const config = entity.type === 'task' ? entity.row.agent_config : {}
    const asked = wantedOf(fields, config)
    const refuseInput = (error: z.ZodError) => {
      problems.push(...invalidOf(state, one.merge, error.issues))
      one.settled.refused = true
    }
    const applied = [...one.merge.changes].map(([field, { file }]) => ({ field, file }))
    if (entity.type === 'task') {
      const parsed = updateTask.body.safeParse(asked)
      if (!parsed.success) {
        refuseInput(parsed.error)
        continue
      }
      one.settled.applied = applied
      wanted.set(entity.id, parsed.data)
      byTask.set(entity.id, one)
      continue
    }
    const parsed = updateSprint.body.safeParse(asked)
    if (!parsed.success) {
      refuseInput(parsed.error)
      continue
    }
    one.settled.applied = applied
    try {
      refuseTurnedDates({ ...entity.row, ...parsed.data })
      await changeSprint(work, { sprint_id: entity.id, ...parsed.data })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refuse(one, error)
    }
  }
  if (wanted.size > 0) {
    const result = await editTasks(
      work,
      [...wanted.keys()],
      (id) => wanted.get(id) ?? {},
      undefined,
    )
    for (const { task_id, error } of result.refused) {
      const one = byTask.get(task_id)
      if (one) refuse(one, error)
    }
    for (const { task_id, detail } of result.warnings) {
      const one = byTask.get(task_id)
      if (one) problems.push(problemAt(one.settled.state, one.merge, 'board_status', detail))
    }
  }
  return settled.map((it) => it.settled)
}

/** The database would refuse it too, and with it everything else that is synced. */
function refuseTurnedDates(row: Partial<Pick<Sprint, 'start_date' | 'end_date'>>): void {
  const { start_date, end_date } = row
  if (!start_date || !end_date || Date.parse(end_date) >= Date.parse(start_date)) return
  throw new DomainError(
    'invalid',
    'sprint_ends_after_it_starts',
    'end_date must not lie before start_date.',
  )
}

const asConflicts = (state: EntityState, merge: Merge): FieldConflict[] =>
  [...merge.changes].map(([field, { value, file }]) => {
    const sides = state.files.find((it) => it.name === file)?.sides
    return {
      field,
      base: sides?.base?.[field] ?? null,
      database: sides?.now[field] ?? null,
      file: value,
      files: state.files.filter((it) => saysSo(it.sides?.file[field], value)).map((it) => it.name),
    }
  })
const saysSo = (said: Json | undefined, value: Json) =>
  said !== undefined && JSON.stringify(said) === JSON.stringify(value)

function refusalsOf(state: EntityState, merge: Merge, error: DomainError): Problem[] {
  const [first] = merge.changes.keys()
  return first === undefined ? [] : [problemAt(state, merge, first, error.message)]
}

function invalidOf(
  state: EntityState,
  merge: Merge,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): Problem[] {
  return issues.map(({ path, message }) => {
    const [top = ''] = path.map(String)
    const field = merge.changes.has(top) ? top : `agent_config.${String(path[1] ?? '')}`
    return problemAt(state, merge, field, `${path.map(String).join('.')}: ${message}`)
  })
}

function problemAt(state: EntityState, merge: Merge, field: string, message: string): Problem {
  const from = merge.changes.get(field)?.file
  const file = state.files.find((it) => it.name === from) ?? state.files[0]
  const line = file?.found?.reading.lines[field] ?? null
  return {
    path: file?.found?.path ?? file?.path ?? '',
    line,
    column: line === null ? null : 1,
    message,
  }
}
