import type { TestDatabase } from './database.ts'
import { eventually } from './eventually.ts'

/**
 * Until `/events` shows all that has been done so far: it shows nothing of a change while something
 * that began before it, such as the work of a handler, may still tell of something.
 */
export async function allIsTold({ sql }: TestDatabase): Promise<void> {
  await eventually(
    () => sql`select coalesce(max(xid) < end_of_events(), true) as told from events`,
    ([row]) => row?.told,
  )
}
