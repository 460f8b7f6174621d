import { randomBytes } from 'node:crypto'
import {
  type RememberedNote,
  Session,
  type SessionInList,
  type SessionNote,
} from '../core/entities/session.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(Session)

/** A session as it is kept. */
export interface SessionRow extends Session {
  sprint_id: number | null
  task_id: number | null
  thread: string
}
const kept = [...columns, 'sprint_id', 'task_id', 'thread']
const columnsOfSession = (db: Db, named: readonly string[]) =>
  db.unsafe(named.map((column) => `s.${column}`).join(', '))
const ofSession = (db: Db) => columnsOfSession(db, kept)

export const seenSession = ({ sprint_id: _, task_id: __, thread: ___, ...session }: SessionRow) =>
  session as Session

/** When a session of project `p` is over that is not heard of from now on, as its settings have it. */
const leaseUntil = (db: Db) => db`now() + make_interval(mins =>
  coalesce((p.settings ->> 'claim_lease_minutes')::integer, 15))`
const expiresAt = (db: Db) => db`now() + make_interval(hours =>
  coalesce((p.settings ->> 'session_hours')::integer, 24))`
const clocks = (db: Db) => db`
  heartbeat_at = now(), lease_until = ${leaseUntil(db)}, expires_at = ${expiresAt(db)}`

/** 128 random bits: nobody guesses the session of another one. */
const newKey = () => `ws-${randomBytes(16).toString('hex')}`

export interface NewSession {
  project_id: number
  sprint_id: number | null
  task_id: number | null
  agent: string
  actor: string | null
  /** The session whose memory it goes on with. */
  before?: Pick<SessionRow, 'id' | 'thread'> | undefined
}

export async function insertSession(
  tx: Tx,
  { before, ...session }: NewSession,
): Promise<SessionRow> {
  const correlation = crypto.randomUUID()
  const ofProject = (time: typeof leaseUntil) =>
    tx`(select ${time(tx)} from projects p where p.id = ${session.project_id})`
  const [row] = await tx<SessionRow[]>`
    insert into work_sessions ${rowFor(tx, {
      ...session,
      key: newKey(),
      correlation_id: correlation,
      thread: before?.thread ?? correlation,
      resumed_from_id: before?.id ?? null,
      lease_until: ofProject(leaseUntil),
      expires_at: ofProject(expiresAt),
    })}
    returning ${tx(kept)}`
  return row as SessionRow
}

/** Starts the clocks of a session anew, whatever became of it, for its agent to go on. */
export async function renewSession(
  tx: Tx,
  id: number,
  actor: string | null = null,
): Promise<SessionRow> {
  const [row] = await tx<SessionRow[]>`
    update work_sessions s set ${clocks(tx)}, state = 'active', ended_at = null,
      actor = coalesce(s.actor, ${actor})
    from projects p where p.id = s.project_id and s.id = ${id}
    returning ${ofSession(tx)}`
  return row as SessionRow
}

/** A session in which something is being done: that keeps it, and its claims, alive. */
export async function touchSession(tx: Tx, key: string): Promise<SessionRow | undefined> {
  const [row] = await tx<SessionRow[]>`
    update work_sessions s set ${clocks(tx)}
    from projects p
    where p.id = s.project_id and s.key = ${key} and s.state = 'active' and s.expires_at > now()
    returning ${ofSession(tx)}`
  return row
}

export async function findSession(db: Db, key: string): Promise<SessionRow | undefined> {
  const [row] = await db<SessionRow[]>`
    select ${db(kept)} from work_sessions where key = ${key}`
  return row
}

export async function findSessionById(db: Db, id: number): Promise<SessionRow | undefined> {
  const [row] = await db<SessionRow[]>`select ${db(kept)} from work_sessions where id = ${id}`
  return row
}

/** Locked, and whether it is over: nobody is at it any more. */
export async function lockSession(tx: Tx, key: string) {
  const [row] = await tx<(SessionRow & { over: boolean })[]>`
    select ${tx(kept)}, state <> 'active' or expires_at <= now() as over
    from work_sessions where key = ${key} for no key update`
  return row
}

/** A note `n` is a question that nobody has answered yet. */
const isOpen = (db: Db) => db`n.kind = 'question'
  and not exists (select from session_notes a where a.answers_id = n.id)`

/** Each question counts once: in the last session of its thread, where the work goes on. */
const openQuestions = (db: Db) => db`
  case when exists (
    select from work_sessions later where later.thread = s.thread and later.id > s.id
  ) then 0 else (
    select count(*) from session_notes n join work_sessions t on t.id = n.session_id
    where t.thread = s.thread and ${isOpen(db)}
  ) end`

export async function listSessions(
  db: Db,
  filter: Page & {
    project_id?: number | undefined
    agent?: string | undefined
    state?: string | undefined
    asking?: boolean | undefined
    order?: 'asc' | 'desc' | undefined
  },
) {
  const newestFirst = filter.order === 'desc'
  const rows = await db<SessionInList[]>`
    select ${columnsOfSession(db, columns)}, ${openQuestions(db)} as open_questions, (
        select count(*) from task_claims c where c.session_id = s.id and c.ended_at is null
      ) as claims
    from work_sessions s
    where ${
      newestFirst
        ? db`(${filter.cursor === undefined} or s.id < ${after(filter)}::bigint)`
        : db`s.id > ${after(filter)}`
    }
      ${filter.project_id ? db`and s.project_id = ${filter.project_id}` : db``}
      ${filter.agent ? db`and s.agent = ${filter.agent}` : db``}
      ${filter.state ? db`and s.state = ${filter.state}` : db``}
      ${filter.asking ? db`and ${openQuestions(db)} > 0` : db``}
    ${newestFirst ? db`order by s.id desc` : db`order by s.id`} limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

/** The first hundred sessions that share a memory, in order. */
export async function sessionsOfThread(db: Db, thread: string): Promise<Session[]> {
  return db<Session[]>`
    select ${db(columns)} from work_sessions where thread = ${thread} order by id limit 100`
}

/** Closes a session; claims that it still has are the caller's to settle. */
export async function closeSession(
  tx: Tx,
  id: number,
  state: 'handed_off' | 'ended' | 'expired',
  handedToId: number | null = null,
): Promise<SessionRow> {
  const [row] = await tx<SessionRow[]>`
    update work_sessions set state = ${state}, handed_to_id = ${handedToId}, ended_at = now()
    where id = ${id} returning ${tx(kept)}`
  return row as SessionRow
}

/** Sessions that have not been heard of for too long, locked; those that somebody is at are not. */
export async function lockSessionsToExpire(tx: Tx, limit: number): Promise<SessionRow[]> {
  return tx<SessionRow[]>`
    select ${tx(kept)} from work_sessions
    where state = 'active' and expires_at <= now()
    order by expires_at limit ${limit} for no key update skip locked`
}

export async function insertNote(
  tx: Tx,
  note: Omit<SessionNote, 'id' | 'created_at'>,
): Promise<SessionNote> {
  const [row] = await tx<SessionNote[]>`
    insert into session_notes ${rowFor(tx, note)}
    returning id, session_id, kind, text, answers_id, agent, actor, created_at`
  return row as SessionNote
}

/** A question of this thread. */
export async function findQuestion(db: Db, thread: string, id: number) {
  const [row] = await db<SessionNote[]>`
    select n.* from session_notes n join work_sessions s on s.id = n.session_id
    where n.id = ${id} and s.thread = ${thread} and n.kind = 'question'`
  return row
}

/** The same, which nobody else answers meanwhile who asks in this way. */
export async function lockQuestion(tx: Tx, thread: string, id: number) {
  const [row] = await tx<{ id: number }[]>`
    select n.id from session_notes n join work_sessions s on s.id = n.session_id
    where n.id = ${id} and s.thread = ${thread} and n.kind = 'question'
    for no key update of n`
  return row
}

export async function findAnswer(db: Db, questionId: number) {
  const [row] = await db<SessionNote[]>`
    select * from session_notes where answers_id = ${questionId} order by id desc limit 1`
  return row
}

/** What a thread remembers, the newest first: so many of each kind, of questions the open ones. */
export async function memoryOf(db: Db, thread: string, ofEach: number) {
  return db<(RememberedNote & { of_kind: number; place: number })[]>`
    select * from (
      select n.*, left(q.text, 500) as question,
        row_number() over (partition by n.kind order by n.id desc) as place,
        count(*) over (partition by n.kind) as of_kind
      from session_notes n join work_sessions s on s.id = n.session_id
      left join session_notes q on q.id = n.answers_id
      where s.thread = ${thread} and (n.kind <> 'question' or ${isOpen(db)})
    ) remembered where place <= ${ofEach} order by id desc`
}

/** The key of a session in which this agent is at work. */
export async function sessionOfAgent(db: Db, agent: string): Promise<string | undefined> {
  const [row] = await db<{ key: string }[]>`
    select key from work_sessions
    where agent = ${agent} and state = 'active' and expires_at > now() limit 1`
  return row?.key
}
