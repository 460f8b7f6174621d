import { listEvents as command } from '../../commands/events.ts'
import { invalid } from '../../core/errors.ts'
import { typesFrom } from '../../core/events/levels.ts'
import { archivedUntil } from '../../store/archive.ts'
import { cursorText, parseCursor, readEvents } from '../../store/events.ts'
import { query } from '../query.ts'
import { refuseArchived, refuseArchivedSince } from './archived.ts'

export const listEvents = query(
  command,
  async ({ db }, { cursor, limit, order, since, until, level, type, ...filter }) => {
    if (since !== undefined && until !== undefined && until <= since) {
      throw invalid('until', 'until_after_since', 'must lie after since')
    }
    const from = cursor === undefined ? undefined : parseCursor(cursor)
    const types = level === undefined ? type : within(typesFrom(level), type)
    const items = await readEvents(db, [{ ...filter, type: types }], {
      ...{ from, order, since, until },
      limit: limit + 1,
    })
    if (from) await refuseArchived(db, from)
    const archived_until = await archivedUntil(db)
    if (since !== undefined) refuseArchivedSince(since, archived_until)
    const page = items.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page,
      next_cursor:
        items.length > limit && last
          ? cursorText({ ...parseCursor(last.cursor), past: from?.past })
          : null,
      archived_until,
    }
  },
)

const within = (types: readonly string[], named: readonly string[] | undefined) =>
  named === undefined ? types : types.filter((type) => named.includes(type))
