import { isDeepStrictEqual } from 'node:util'
import type { OutputOf } from '../../commands/command.ts'
import { syncDelegation as command } from '../../commands/delegation.ts'
import {
  forgetFiles,
  keepTemplates,
  saveDelegationFiles,
  writeRevisionsNow,
} from '../../store/delegation-files.ts'
import { isKept } from '../../store/idempotency.ts'
import { mutation } from '../mutation.ts'
import { authorise, type Verb, type Work } from '../runtime.ts'
import { conflictsOf, tellConflicts } from './conflicts.ts'
import type { Entity } from './ground.ts'
import { inTurns } from './in-turns.ts'
import { leftOver } from './left-over.ts'
import { type Look, lookAround, type Sent, sentOf } from './look.ts'
import { MadeAhead } from './made-ahead.ts'
import { movedAway, type NextFiles, nextFiles } from './next-files.ts'
import { isOvertaken, refuseOvertaken, takeRound } from './round.ts'
import { lockEdited, type Merged, type Settled, settleEdits } from './settle-edits.ts'
import type { EntityState } from './survey.ts'
import { takeEdits } from './take-edits.ts'
import { countsOf, sumOf, tellSynced } from './tell-synced.ts'
import { nextView, viewedOnly } from './view-only.ts'
import { nextViews } from './views.ts'

/**
 * Brings files and database together: first takes what files have edited, then makes what they are
 * to say. Rendering and merging takes long: it is done while nothing is locked and the stream of
 * events waits for nothing.
 */
export const syncDelegation: Verb<typeof command> = {
  command,
  async run(runtime, caller, input) {
    authorise(command, caller)
    const sent = sentOf(input)
    const { actor, idempotencyKey: key } = caller
    const repeated = key !== null && (await isKept(runtime.db, actor, key))
    const taken = repeated
      ? undefined
      : await takeEdits(runtime, caller, sent, input.expected_round)
    const make = mutation(command, async (work) => {
      const made = makeFiles(work, sent, taken?.expected, taken?.look)
      if (!taken) return made
      const output = await (taken.applied.fields > 0 ? made.catch(noneMade) : made)
      return {
        ...output,
        applied: sumOf(taken.applied, output.applied),
        problems: distinct([...taken.problems, ...output.problems]),
      }
    })
    return make.run(runtime, caller, input)
  },
}

async function makeFiles(
  given: Work,
  sent: Sent,
  expected: number | undefined,
  looked: Look | null | undefined,
): Promise<OutputOf<typeof command>> {
  const { projectId, texts, templates, sets, once } = sent
  let seen = looked ?? (await lookAround(given.tx, sent))
  refuseOvertaken(seen.rounds, expected)
  const made = new MadeAhead((settled, { entity, madeFrom }) => {
    const { isView, ground } = seen
    return (isView ? nextView : nextFiles)(settled, { ground, entity, madeFrom, texts, once })
  })
  await made.make(seen.isView ? viewedOnly(seen.survey.states) : unedited(seen.merges))

  const { work, before } = await takeRound(given, projectId, expected)
  if (!isDeepStrictEqual(before, seen.rounds)) {
    // Another sync has written meanwhile, or somebody has decided otherwise about these files.
    made.forget()
    seen = await lookAround(work.tx, sent)
  }
  await keepTemplates(work.tx, projectId, templates)
  // Edits that were refused, or have come to be some since: both sides have changed meanwhile.
  while (!seen.isView && !(await lockedAsRead(work, seen.merges))) {
    seen = await lookAround(work.tx, sent)
  }

  const problems = [...sets.problems(), ...seen.survey.problems]
  const settled = seen.isView
    ? viewedOnly(seen.survey.states)
    : await settleEdits(work, seen.merges, problems)
  const applied = settled.filter((it) => it.applied.length > 0)
  if (applied.length > 0) {
    await writeRevisionsNow(work.tx)
    seen = await lookAround(work.tx, sent)
  }
  await tellConflicts(work, settled)

  const { rows, ground, survey } = seen
  const now = new Map(survey.states.map((it) => [keyOf(it.entity), it]))
  const next: NextFiles = { writes: [], removes: [], rows: [], problems: [] }
  const add = (more: NextFiles) => {
    next.writes.push(...more.writes)
    next.removes.push(...more.removes)
    next.rows.push(...more.rows)
    next.problems.push(...more.problems)
  }
  const sure = new Map(settled.map((it) => [keyOf(it.state.entity), it]))
  const letOthers = inTurns()
  for (const [key, state] of now) {
    await letOthers()
    const one = sure.get(key) ?? untouched(state)
    if (one.refused || (one.state.unchanged && state.unchanged)) continue
    // What only the edits of another file have changed is read anew.
    add(made.of(one.state.unchanged ? untouched(state) : one, state))
  }
  add(await nextViews(work.tx, projectId, rows, texts, ground.sets))
  const rest = leftOver(ground, survey, rows, texts)
  next.removes.push(...rest.removes)
  await forgetFiles(work.tx, projectId, [...rest.forgotten, ...movedAway(rows, next.rows)])
  await saveDelegationFiles(work.tx, projectId, next.rows)
  await tellSynced(work, projectId, applied)

  return {
    writes: next.writes,
    removes: next.removes,
    conflicts: settled.flatMap(conflictsOf),
    problems: distinct([...problems, ...next.problems, ...rest.problems]),
    applied: countsOf(applied),
    overtaken: false,
  }
}

/** What was taken is told of; the rest is for a sync of newer files. */
function noneMade(error: unknown): OutputOf<typeof command> {
  if (!isOvertaken(error)) throw error
  const nothing = { writes: [], removes: [], conflicts: [], problems: [] }
  return { ...nothing, applied: countsOf([]), overtaken: true }
}

const keyOf = ({ type, id }: Entity) => `${type} ${id}`

const untouched = (state: EntityState): Settled => ({
  state,
  conflicts: [],
  applied: [],
  refused: false,
})

/** Locks what files have edited; answers whether the board has changed none of it meanwhile. */
async function lockedAsRead(work: Work, merges: readonly Merged[]): Promise<boolean> {
  const edited = merges.filter(({ merge }) => merge.changes.size > 0)
  if (edited.length === 0) return true
  return lockEdited(
    work,
    edited.map(({ state }) => state),
  )
}

const unedited = (merges: readonly Merged[]): Settled[] =>
  merges.flatMap(({ state, merge: { changes, conflicts } }) =>
    changes.size > 0 ? [] : [{ state, conflicts, applied: [], refused: false }],
  )

function distinct<T>(items: readonly T[]): T[] {
  const seen = new Set<string>()
  return items.filter((it) => seen.size !== seen.add(JSON.stringify(it)).size)
}
