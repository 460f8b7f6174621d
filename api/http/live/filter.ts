import { z } from 'zod'
import { DomainError } from '../../core/errors.ts'
import { typePatterns } from '../../core/events/filter.ts'
import { type Cursor, parseCursor } from '../../store/events.ts'
import { invalidInput } from '../input.ts'

const number = z.coerce.number().int().positive().optional()

const StreamQuery = z.strictObject({
  project_id: number,
  sprint_id: number,
  protocol_run_id: number,
  type: typePatterns.optional(),
  after: z.string().max(40).optional(),
})

/** What to stream, and from where: `Last-Event-ID`, which a browser sends by itself, goes first. */
export function readStreamQuery(query: Record<string, string>, lastEventId: string | undefined) {
  const parsed = StreamQuery.safeParse(query)
  if (!parsed.success) throw invalidInput(parsed.error.issues)
  const { after, ...filter } = parsed.data
  const from = lastEventId || after
  return { filter, after: from === undefined ? null : parseCursor(from) }
}

const columns = { project: 'project_id', sprint: 'sprint_id', run: 'protocol_run_id' } as const

const Subscription = z.strictObject({
  type: z.literal('subscribe'),
  rooms: z
    .array(z.string().regex(/^(project|sprint|run):[1-9]\d{0,14}$/, 'must be like sprint:12'))
    .min(1)
    .max(100),
  after: z.string().max(40).optional(),
})

export interface Rooms {
  rooms: string[]
  filters: { [column: string]: number }[]
  after: Cursor | null
}

/** A message of a WebSocket client. */
export function readSubscription(message: string): Rooms {
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch (error) {
    throw new DomainError('malformed', 'json', 'The message is not JSON.', { cause: error })
  }
  const parsed = Subscription.safeParse(value)
  if (!parsed.success) throw invalidInput(parsed.error.issues)
  const { rooms, after } = parsed.data
  return {
    rooms: [...new Set(rooms)],
    filters: [...new Set(rooms)].map((room) => {
      const [kind, id] = room.split(':') as [keyof typeof columns, string]
      return { [columns[kind]]: Number(id) }
    }),
    after: after === undefined ? null : parseCursor(after),
  }
}
