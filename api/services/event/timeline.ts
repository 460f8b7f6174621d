import { eventTimeline as command } from '../../commands/events.ts'
import type { StoredEvent } from '../../core/entities/event.ts'
import type { TimelineEntry, ToldEvent } from '../../core/entities/event-views.ts'
import { invalid } from '../../core/errors.ts'
import { tellingIn } from '../../core/events/sentence.ts'
import { oneLine, shortened } from '../../core/one-line.ts'
import { archivedUntil } from '../../store/archive.ts'
import type { Db } from '../../store/database.ts'
import { namesOfAll } from '../../store/event-names.ts'
import { cursorText, parseCursor, readEvents } from '../../store/events.ts'
import { query } from '../query.ts'
import { refuseArchived, refuseArchivedSince } from './archived.ts'

/** A page of events, grouped by cause: one that goes on beyond the page does so on the next one. */
export const eventTimeline = query(command, async ({ db }, asked) => {
  const { cursor, limit, order, since, until, ...filter } = asked
  if (filter.entity_id !== undefined && filter.entity_type === undefined) {
    throw invalid('entity_type', 'entity', 'is required where entity_id is given')
  }
  if (since !== undefined && until !== undefined && until <= since) {
    throw invalid('until', 'until_after_since', 'must lie after since')
  }
  const from = cursor === undefined ? undefined : parseCursor(cursor)
  const events = await readEvents(db, [filter], {
    ...{ from, order, since, until },
    limit: limit + 1,
  })
  if (from) await refuseArchived(db, from)
  if (since !== undefined) refuseArchivedSince(since, await archivedUntil(db))
  const told = await tell(db, events.slice(0, limit))
  const last = told.at(-1)?.event
  return {
    items: byCause(told),
    next_cursor:
      events.length > limit && last
        ? cursorText({ ...parseCursor(last.cursor), past: from?.past })
        : null,
  }
})

const longest = 300
const line = (text: string) => shortened(oneLine(text), longest)

const sentenceOf = tellingIn({ text: line, name: (text) => `“${line(text)}”` })

interface Told {
  event: StoredEvent
  told: ToldEvent
}

async function tell(db: Db, events: readonly StoredEvent[]): Promise<Told[]> {
  const names = await namesOfAll(db, events)
  return events.map((event, index) => {
    const { id, cursor, type, level, entity_type, entity_id, actor, agent, session_key } = event
    const named = names[index] ?? { project: null, sprint: null, protocol_run: null, task: null }
    return {
      event,
      told: {
        ...{ id, cursor, at: event.emitted_at, type, level, text: sentenceOf(event, named) },
        ...{ entity_type, entity_id, actor, agent, session_key },
      },
    }
  })
}

function byCause(told: readonly Told[]): TimelineEntry[] {
  const entries = new Map<string, TimelineEntry>()
  for (const { event, told: it } of told) {
    const entry = entries.get(event.correlation_id)
    if (entry === undefined) {
      const { correlation_id } = event
      entries.set(correlation_id, {
        ...{ correlation_id, began_at: it.at, ended_at: it.at, events: [it] },
      })
      continue
    }
    entry.events.push(it)
    if (it.at < entry.began_at) entry.began_at = it.at
    if (it.at > entry.ended_at) entry.ended_at = it.at
  }
  return [...entries.values()]
}
