import * as z from 'zod'
import { isName } from '../../core/addresses.ts'
import { DomainError } from '../../core/errors.ts'
import { type EventFilter, typePatterns } from '../../core/events/filter.ts'
import { withIds } from '../../services/address.ts'
import { invalidInput } from '../../services/read-input.ts'
import type { Db } from '../../store/database.ts'
import { type Cursor, parseCursor } from '../../store/events.ts'

const number = z.coerce.number().int().positive().optional()

const StreamQuery = z.strictObject({
  project_id: number,
  sprint_id: number,
  protocol_run_id: number,
  type: typePatterns.optional(),
  after: z.string().max(40).optional(),
})

/** What to stream, and from where: `Last-Event-ID`, which a browser sends by itself, goes first. */
export async function readStreamQuery(
  db: Db,
  query: Record<string, string>,
  lastEventId: string | undefined,
) {
  const parsed = StreamQuery.safeParse(await withIds(db, StreamQuery, query))
  if (!parsed.success) throw invalidInput(parsed.error.issues)
  const { after, ...filter } = parsed.data
  const from = lastEventId || after
  return { filter, after: from === undefined ? null : parseCursor(from) }
}

const anId = /^[1-9]\d{0,14}$/

/** A room is named by an id, or as people call what it is of; runs have ids alone. */
function isRoom(room: string): boolean {
  const [, kind, name = ''] = /^(project|sprint|run):(.*)$/s.exec(room) ?? []
  return kind !== undefined && (anId.test(name) || (kind !== 'run' && isName(name)))
}

const Subscription = z.strictObject({
  type: z.literal('subscribe'),
  rooms: z
    .array(z.string().refine(isRoom, 'must be like sprint:12 or sprint:SHOP-S1'))
    .min(1)
    .max(100),
  after: z.string().max(40).optional(),
})

export interface Rooms {
  rooms: string[]
  filters: EventFilter[]
  after: Cursor | null
}

/**
 * A message of a WebSocket client.
 * @throws DomainError `malformed`, `invalid`, or `not_found` for a room that is named by nothing
 */
export async function readSubscription(db: Db, message: string): Promise<Rooms> {
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch (error) {
    throw new DomainError('malformed', 'json', 'The message is not JSON.', { cause: error })
  }
  const parsed = Subscription.safeParse(value)
  if (!parsed.success) throw invalidInput(parsed.error.issues)
  const { after } = parsed.data
  const rooms = [...new Set(parsed.data.rooms)]
  const from = after === undefined ? null : parseCursor(after)
  return { rooms, filters: await filtersOf(db, rooms), after: from }
}

async function filtersOf(db: Db, rooms: readonly string[]): Promise<EventFilter[]> {
  const named = (kind: string) =>
    rooms.flatMap((room) => (room.startsWith(`${kind}:`) ? [room.slice(kind.length + 1)] : []))
  const asked = {
    ...{ project_id: named('project'), sprint_id: named('sprint') },
    protocol_run_id: named('run'),
  }
  const ids = RoomIds.parse(await withIds(db, RoomIds, asked))
  return Object.entries(ids).flatMap(([column, ids]) => ids.map((id) => ({ [column]: id })))
}
const idList = z.array(z.coerce.number())
const RoomIds = z.object({ project_id: idList, sprint_id: idList, protocol_run_id: idList })
