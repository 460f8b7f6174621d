import { isDeepStrictEqual } from 'node:util'
import type { OutputOf } from '../../commands/command.ts'
import { syncDelegation as command } from '../../commands/delegation.ts'
import type { Problem } from '../../core/delegation/fields.ts'
import { type FileRow, forgetFiles, saveDelegationFiles } from '../../store/delegation-files.ts'
import { isKept } from '../../store/idempotency.ts'
import { mutation } from '../mutation.ts'
import type { Caller, Runtime } from '../runtime.ts'
import { type Look, lookAround, type Sent } from './look.ts'
import { mergedBase, movedAway } from './next-files.ts'
import { isOvertaken, refuseOvertaken, takeRound } from './round.ts'
import { lockEdited, type Merged, type Settled, settleEdits } from './settle-edits.ts'
import type { EntityState } from './survey.ts'
import { countsOf, sumOf, takenFrom, tellSynced } from './tell-synced.ts'

type Answer = OutputOf<typeof command>

/** What was taken, and how all of it stands where nothing was: as it was looked at. */
export interface Taken extends Pick<Answer, 'applied' | 'problems'> {
  look: Look | null
  /** The round that is expected next. */
  expected: number | undefined
}

/** Tasks whose edits are taken in one transaction: nobody waits for more than these. */
const lot = 100

/**
 * Takes what files alone have edited into the database, a lot after the other, each in a transaction
 * of its own: others wait for none but that, and what is then to be written into files is made
 * while nothing is locked. Broken off between two of them, the next sync goes on from there: what a
 * file is known to have said goes along with each edit. What a rule refuses is left as it is.
 */
export async function takeEdits(
  runtime: Runtime,
  caller: Caller,
  sent: Sent,
  expectedRound: number | undefined,
): Promise<Taken> {
  const tried = new Set<string>()
  const taken = { applied: countsOf([]), problems: [] as Problem[] }
  let expected = expectedRound
  let look = await lookAround(runtime.db, sent)
  refuseOvertaken(look.rounds, expected)
  let edits = editsOf(look)
  while (edits.length > 0) {
    const next = nextLot(edits)
    const keys = new Set(next.map(({ state }) => keyOf(state)))
    for (const key of keys) tried.add(key)
    const one = takeLot(runtime, caller, sent, { look, keys, expected })
    const took = await (taken.applied.fields > 0 ? one.catch(nothingMore) : one)
    if (!took) break
    const { answer, after } = took
    if (expected !== undefined) expected++
    taken.applied = sumOf(taken.applied, answer.applied)
    taken.problems.push(...answer.problems)
    // What a sprint says is in the files of its tasks as well.
    const isOther = next.some(ofSprint)
    look = isOther ? await lookAround(runtime.db, sent) : after
    edits = (isOther ? editsOf(look) : edits).filter(({ state }) => !tried.has(keyOf(state)))
  }
  return { ...taken, expected, look: tried.size > 0 ? null : look }
}

/** What is in the database by now stays told of; `expected` says that another sync came between. */
function nothingMore(error: unknown): null {
  if (isOvertaken(error)) return null
  throw error
}

const stateOf = ({ state }: Merged) => state
const ofSprint = ({ state }: Merged) => state.entity.type === 'sprint'
const keyOf = ({ entity }: EntityState) => `${entity.type} ${entity.id}`

const editsOf = ({ isView, merges }: Look): Merged[] =>
  isView ? [] : merges.filter(({ merge }) => merge.changes.size > 0)

function nextLot(edits: readonly Merged[]): Merged[] {
  const sprints = edits.filter(ofSprint)
  return (sprints.length > 0 ? sprints : edits).slice(0, lot)
}

async function takeLot(
  runtime: Runtime,
  caller: Caller,
  sent: Sent,
  { look, keys, expected }: { look: Look; keys: ReadonlySet<string>; expected: number | undefined },
): Promise<{ answer: Answer; after: Look }> {
  let after = look
  const take = mutation(command, async (given, { project_id }) => {
    const { work, before } = await takeRound(given, project_id, expected)
    const { actor, idempotencyKey: key } = caller
    // Asked twice at once: the other one is through, and these files are old.
    if (key !== null && (await isKept(work.tx, actor, key))) return answerOf([], [])
    let now = isDeepStrictEqual(before, look.rounds) ? look : await lookAround(work.tx, sent)
    const mine = () => editsOf(now).filter(({ state }) => keys.has(keyOf(state)))
    while (!(await lockEdited(work, mine().map(stateOf)))) now = await lookAround(work.tx, sent)
    const problems: Problem[] = []
    const settled = await settleEdits(work, mine(), problems)
    const applied = settled.filter((it) => it.applied.length > 0)
    const rows = applied.flatMap(asTaken)
    await forgetFiles(work.tx, project_id, movedAway(now.rows, rows))
    await saveDelegationFiles(work.tx, project_id, rows)
    await tellSynced(work, project_id, applied)
    after = { ...now, rounds: { ...before, round: before.round + 1 } }
    return answerOf(applied, problems)
  })
  const unkeyed = { ...caller, idempotencyKey: null }
  const input = { project_id: sent.projectId, files: [], templates: [] }
  const { output } = await take.run(runtime, unkeyed, input)
  return { answer: output, after }
}

/** What was said of edits that were not taken is said again by the sync that leaves them. */
function answerOf(applied: readonly Settled[], problems: readonly Problem[]): Answer {
  const paths = new Set(applied.flatMap(takenFrom))
  return {
    ...{ writes: [], removes: [], conflicts: [], applied: countsOf(applied), overtaken: false },
    problems: problems.filter(({ path }) => paths.has(path)),
  }
}

/** The files of an edit that was taken: what they say is known to both sides, but for conflicts. */
const asTaken = ({ state, conflicts }: Settled): FileRow[] =>
  state.files.flatMap((file) => {
    if (!file.found) return []
    const kept = conflicts.filter((it) => it.files.includes(file.name))
    return [
      {
        path: file.found.path,
        entity_type: state.entity.type,
        entity_id: state.entity.id,
        base_fields: mergedBase(file, kept),
        base_rendered: file.base?.rendered ?? null,
        base_sha256: file.found.sha256,
        ...{ offered_fields: null, offered_rendered: null, offered_sha256: null, made_from: null },
      },
    ]
  })
