import { listArchives as command } from '../../commands/archives.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { archivedBeyond, listArchivedMonths } from '../../store/archive.ts'
import type { Db } from '../../store/database.ts'
import { type Cursor, cursorText } from '../../store/events.ts'
import { query } from '../query.ts'

export const listArchives = query(command, ({ db }, page) => {
  if (page.cursor !== undefined && !/^\d{4}-\d{2}$/.test(page.cursor)) {
    throw invalid('cursor', 'cursor', 'pass next_cursor of the page before, unchanged')
  }
  return listArchivedMonths(db, page, page.cursor ?? '')
})

/**
 * Refuses to read on from a place that lies before archived events: they would be missing without
 * a word. Asked after reading, it covers an archive that began meanwhile.
 * @throws DomainError `gone`, naming the files and how to go on
 */
export async function refuseArchived(db: Db, cursor: Cursor): Promise<void> {
  const months = await archivedBeyond(db, cursor)
  const newest = months.at(-1)
  if (!newest) return
  const on = cursorText({ ...cursor, past: newest.month })
  throw gone(
    `The events of ${months.map((it) => `${it.month} were archived to ${it.file}`).join(', those of ')}`,
    `go on without them with the cursor ${on}`,
  )
}

/** The same for events since a moment. @throws DomainError `gone` */
export function refuseArchivedSince(since: string, until: string | null): void {
  if (until === null || since >= until) return
  throw gone(`Events before ${until} were archived`, `ask with since=${until}`)
}

const gone = (what: string, wayOut: string) =>
  new DomainError(
    'gone',
    'events_archived',
    `${what}: read them from the files (zcat), which GET /events/archives lists, or ${wayOut}.`,
  )
