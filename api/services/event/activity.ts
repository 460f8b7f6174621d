import {
  correlationActivity as correlationCommand,
  sessionActivity as sessionCommand,
} from '../../commands/events.ts'
import { found, notFound } from '../../core/errors.ts'
import { type Doer, summaryOf, tasksTouched, typesOf } from '../../store/activity.ts'
import type { Database, Tx } from '../../store/database.ts'
import { findSession, seenSession } from '../../store/sessions.ts'
import { transaction } from '../../store/transaction.ts'
import { query } from '../query.ts'
import { rememberedIn } from '../session/read.ts'

const mostTasks = 100

export const sessionActivity = query(sessionCommand, ({ runtime }, { session_key }) =>
  asOfOneMoment(runtime.db, async (tx) => {
    const session = await findSession(tx, session_key)
    const activity = await activityOf(tx, { session_key })
    if (session === undefined && activity === null) throw notFound('session', session_key)
    return {
      session_key,
      session: session ? seenSession(session) : null,
      memory: session ? await rememberedIn(tx, session.thread) : null,
      ...(activity ?? nothingSince(session?.created_at ?? '')),
    }
  }),
)

export const correlationActivity = query(correlationCommand, ({ runtime }, { correlation_id }) =>
  asOfOneMoment(runtime.db, async (tx) => {
    const activity = await activityOf(tx, { correlation_id })
    return { correlation_id, ...found(activity ?? undefined, 'correlation', correlation_id) }
  }),
)

const asOfOneMoment = <T>(db: Database, read: (tx: Tx) => Promise<T>) =>
  transaction(db, read, { readsAlone: true })

/** What somebody's events tell; null where there are none. Archived ones are not looked at. */
async function activityOf(tx: Tx, of: Doer) {
  const summary = await summaryOf(tx, of)
  if (!summary?.began_at || !summary.ended_at) return null
  const tasks = await tasksTouched(tx, of, mostTasks)
  const { began_at, ended_at, events, tokens } = summary
  return {
    ...{ began_at, ended_at, events, tokens },
    seconds: (Date.parse(ended_at) - Date.parse(began_at)) / 1000,
    actors: summary.actors ?? [],
    agents: summary.agents ?? [],
    by_type: await typesOf(tx, of),
    tasks_touched: tasks[0]?.touched ?? 0,
    tasks: tasks.map(({ touched: _, moves, notes, ...task }) => ({
      ...task,
      moves: moves.map((move) => ({ ...move, at: new Date(move.at).toISOString() })),
      notes: notes.map((note) => ({ ...note, at: new Date(note.at).toISOString() })),
    })),
  }
}

/** A session whose events lie in files. */
const nothingSince = (at: string) => ({
  ...{ began_at: at, ended_at: at, events: 0, tokens: null, seconds: 0 },
  ...{ actors: [], agents: [], by_type: [], tasks_touched: 0, tasks: [] },
})
