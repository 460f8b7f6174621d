import { getSession as getCommand, listSessions as listCommand } from '../../commands/sessions.ts'
import type { Memory } from '../../core/entities/session.ts'
import { found } from '../../core/errors.ts'
import { claimsOf } from '../../store/claims.ts'
import type { Db } from '../../store/database.ts'
import {
  findSession,
  listSessions as list,
  memoryOf,
  seenSession,
  sessionsOfThread,
} from '../../store/sessions.ts'
import { query } from '../query.ts'

export const listSessions = query(listCommand, ({ db }, filter) => list(db, filter))

export const getSession = query(getCommand, async ({ db }, { session_key }) => {
  const session = found(await findSession(db, session_key), 'session', session_key)
  return {
    ...seenSession(session),
    memory: await rememberedIn(db, session.thread),
    claims: await claimsOf(db, session.id),
    thread: await sessionsOfThread(db, session.thread),
  }
})

/** Notes of each kind that are told at once. */
const ofEach = 50

/** What a session and those before it have noted. */
export async function rememberedIn(db: Db, thread: string): Promise<Memory> {
  const rows = await memoryOf(db, thread, ofEach)
  const ofKind = (kind: string) =>
    rows.filter((row) => row.kind === kind).map(({ of_kind: _, place: __, ...note }) => note)
  const all = new Map(rows.map((row) => [row.kind, row.of_kind]))
  return {
    notes: ofKind('note'),
    decisions: ofKind('decision'),
    open_questions: ofKind('question'),
    left_out: [...all.values()].reduce((sum, count) => sum + count, 0) - rows.length,
  }
}
