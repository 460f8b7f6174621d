import type { Sprint } from '../../core/entities/sprint.ts'
import { conflict, DomainError, found } from '../../core/errors.ts'
import type { Tx } from '../../store/database.ts'
import { keepSprints, lockSprints } from '../../store/sprints.ts'
import type { Caller } from '../runtime.ts'

const closed: readonly Sprint['status'][] = ['completed', 'failed', 'archived']
export const isClosed = (sprint: Pick<Sprint, 'status'>) => closed.includes(sprint.status)

/** @throws DomainError `conflict` where the sprint has ended: it is kept as it was */
export function refuseClosed(sprint: Sprint): void {
  if (!isClosed(sprint)) return
  throw conflict(
    'closed_sprint_is_read_only',
    `Sprint ${sprint.code} is ${sprint.status} and read-only. Work on a copy of the task in an open sprint; an admin may change tasks and fields all the same with override_reason, or reopen a sprint that was completed or failed.`,
  )
}

/**
 * Whether somebody overrides the end of this sprint, which is to be recorded with the reason.
 * @throws DomainError `conflict` where it has ended, unless an admin says why
 */
export function overridesEnd(
  sprint: Sprint,
  caller: Caller,
  reason: string | undefined,
): reason is string {
  if (!isClosed(sprint)) return false
  if (caller.role !== 'admin' || reason === undefined) refuseClosed(sprint)
  return true
}

/**
 * Reads sprints and keeps them open until the transaction ends; closing one waits for that. Where
 * the caller is to change some of them, all are locked for that: by id, in one statement.
 */
export async function holdSprints(
  tx: Tx,
  ids: readonly (number | null)[],
  changed: readonly number[] = [],
): Promise<Map<number, Sprint>> {
  const wanted = [...new Set([...ids, ...changed].filter((id) => id !== null))]
  const sprints = await (changed.length > 0 ? lockSprints(tx, wanted) : keepSprints(tx, wanted))
  const byId = new Map(sprints.map((sprint) => [sprint.id, sprint]))
  for (const id of wanted) found(byId.get(id), 'sprint', id)
  return byId
}

/** Ids of those that have not ended. */
export const idsOfOpen = (sprints: ReadonlyMap<number, Sprint>): Set<number> =>
  new Set([...sprints.values()].filter((it) => !isClosed(it)).map((it) => it.id))

export function sameProject(what: string, one: number, other: number): void {
  if (one === other) return
  throw new DomainError('conflict', 'same_project', `${what} belongs to another project.`)
}
