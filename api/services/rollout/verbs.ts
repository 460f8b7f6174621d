import {
  linkSprints as linkCommand,
  planSprintLinks as planCommand,
} from '../../commands/rollout.ts'
import { conflict, DomainError, found } from '../../core/errors.ts'
import type { BadRow } from '../../core/rollout/read-dump.ts'
import { findProject, lockProject } from '../../store/projects.ts'
import { mutation } from '../mutation.ts'
import { query } from '../query.ts'
import { importHistory } from './import-history.ts'
import { linkTables } from './link-tables.ts'
import { planOf } from './plan.ts'

export const planSprintLinks = query(planCommand, async ({ db }, asked) => {
  found(await findProject(db, asked.project_id), 'project', asked.project_id)
  return (await planOf(db, asked)).told
})

/** The plan is made again under lock: what is carried out is what it says now, or nothing. */
export const linkSprints = mutation(linkCommand, async (work, asked) => {
  const project = found(await lockProject(work.tx, asked.project_id), 'project', asked.project_id)
  const planned = await planOf(work.tx, asked)
  const { told } = planned
  if (asked.fingerprint !== undefined && asked.fingerprint !== told.fingerprint) {
    throw conflict(
      'plan_is_current',
      'The data changed since this plan was made, or it was made of other data; plan again, review it, and link with that one.',
    )
  }
  if (!asked.skip_bad_rows) refuseBadRows(told.import?.bad_rows ?? [])
  const changed = planned.imported
    ? await importHistory(work, project, planned.imported)
    : await linkTables(work, project, planned.links)
  if (!changed) work.nothingChanged()
  return told
})

function refuseBadRows(bad: readonly BadRow[]): void {
  if (bad.length === 0) return
  const fields = bad.slice(0, 50).map(({ table, row, id, column, rule }) => ({
    field: `dump.${table}.${row > 0 ? row - 1 : `id=${id}`}.${column}`,
    message: rule,
  }))
  throw new DomainError(
    'invalid',
    'dump_rows',
    `${bad.length} values of the dump break a rule; mend them, or leave their rows out with skip_bad_rows.`,
    { fields },
  )
}
