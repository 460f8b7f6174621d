import { getAdr as getCommand, listAdrs as listCommand } from '../../commands/adrs.ts'
import { found } from '../../core/errors.ts'
import { findAdr, listAdrs as list } from '../../store/adrs.ts'
import { findProject } from '../../store/projects.ts'
import { query } from '../query.ts'
import { seen } from './told.ts'

export const listAdrs = query(listCommand, async ({ db }, filter) => {
  found(await findProject(db, filter.project_id), 'project', filter.project_id)
  const { items, next_cursor } = await list(db, filter)
  return { items: items.map(seen), next_cursor }
})

export const getAdr = query(getCommand, async ({ db }, { project_id, number }) => {
  found(await findProject(db, project_id), 'project', project_id)
  return seen(found(await findAdr(db, project_id, number), 'ADR', number))
})
