import type { EntityChange } from '../../core/revisions/session-changes.ts'
import type { Db } from '../../store/database.ts'
import { openTasksIn } from '../../store/tasks.ts'

/**
 * The task of a sprint that each task of a session is there: itself, the one with its id of the file,
 * or else the one with its title. Where there is none, or several, it is left out and named.
 */
export async function matchedIn(db: Db, sprintId: number, changes: readonly EntityChange[]) {
  const there = await openTasksIn(db, sprintId)
  const matches = changes.map((change) => {
    const own = there.filter((it) => it.id === change.entity_id)
    const sameId = there.filter(
      (it) => it.external_id !== null && it.external_id === change.external_id,
    )
    const sameTitle = there.filter((it) => change.titles.includes(it.title))
    const found = [own, sameId, sameTitle].find((it) => it.length > 0) ?? []
    return { change, found }
  })
  const targets = matches.flatMap(({ change, found: [one, another] }) =>
    one && !another ? [{ change, id: one.id, code: one.code }] : [],
  )
  const unmatched = matches
    .filter(({ found }) => found.length !== 1)
    .map(({ change: { entity_type, entity_id, code } }) => ({ entity_type, entity_id, code }))
  return { targets, unmatched }
}
