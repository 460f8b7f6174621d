import { SavedView } from '../core/entities/view.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(SavedView)

export type NewView = Pick<SavedView, 'project_id' | 'name' | 'query' | 'created_by'>

export async function insertView(tx: Tx, view: NewView): Promise<SavedView> {
  const [row] = await tx<SavedView[]>`
    insert into saved_views ${rowFor(tx, view)} returning ${tx(columns)}`
  return row as SavedView
}

export async function lockView(tx: Tx, id: number): Promise<SavedView | undefined> {
  const [row] = await tx<SavedView[]>`
    select ${tx(columns)} from saved_views where id = ${id} for update`
  return row
}

export async function listViews(db: Db, filter: Page & { project_id?: number | undefined }) {
  const rows = await db<SavedView[]>`
    select ${db(columns)} from saved_views
    where id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function updateView(
  tx: Tx,
  id: number,
  changes: Partial<NewView>,
): Promise<SavedView> {
  const [row] = await tx<SavedView[]>`
    update saved_views set ${rowFor(tx, changes)}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as SavedView
}

export async function deleteView(tx: Tx, id: number): Promise<void> {
  await tx`delete from saved_views where id = ${id}`
}
