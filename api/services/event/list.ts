import { listEvents as command } from '../../commands/events.ts'
import { parseCursor, readEvents } from '../../store/events.ts'
import { query } from '../query.ts'

export const listEvents = query(command, async ({ db }, { cursor, limit, ...filter }) => {
  const after = cursor === undefined ? { xid: '0', id: 0 } : parseCursor(cursor)
  const items = await readEvents(db, [filter], after, limit + 1)
  const page = items.slice(0, limit)
  return {
    items: page,
    next_cursor: items.length > limit ? (page.at(-1)?.cursor ?? null) : null,
  }
})
