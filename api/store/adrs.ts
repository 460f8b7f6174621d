import { Adr } from '../core/entities/adr.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

/** A record as it is kept; where its file lies follows from its title. */
export type AdrRow = Omit<Adr, 'path'>

const plain = columnsOf(Adr, ['path', 'date', 'supersedes'])
/** The day as it is written: the driver would make a moment of it. */
const columns = (db: Db) => db`
  ${db(plain)}, decided_on::text as date,
  array(select earlier.number from adrs earlier
    where earlier.project_id = adrs.project_id and earlier.superseded_by = adrs.number
    order by earlier.number) as supersedes`

type NewAdr = Omit<AdrRow, 'id' | 'supersedes' | 'created_at' | 'updated_at'>

const rowOf = (db: Db, { date, ...row }: Partial<NewAdr>) =>
  rowFor(db, { ...row, decided_on: date })

/** Takes the next number of a project, whose row stays locked until the transaction ends. */
export async function takeAdrNumber(tx: Tx, projectId: number): Promise<number | undefined> {
  const [row] = await tx<{ number: number }[]>`
    update projects set last_adr_number = last_adr_number + 1
    where id = ${projectId} returning last_adr_number as number`
  return row?.number
}

export async function insertAdr(tx: Tx, adr: NewAdr): Promise<void> {
  await tx`insert into adrs ${rowOf(tx, adr)}`
}

export async function findAdr(
  db: Db,
  projectId: number,
  number: number,
): Promise<AdrRow | undefined> {
  const [row] = await db<AdrRow[]>`
    select ${columns(db)} from adrs where project_id = ${projectId} and number = ${number}`
  return row
}

/** Locks records of a project, then reads them: what they supersede stands in other rows. */
export async function lockAdrs(tx: Tx, projectId: number, numbers: readonly number[]) {
  const these = tx`project_id = ${projectId} and number = any(${numbers as number[]})`
  await tx`select from adrs where ${these} order by number for no key update`
  return tx<AdrRow[]>`select ${columns(tx)} from adrs where ${these} order by number`
}

export async function listAdrs(
  db: Db,
  filter: Page & { project_id: number; status?: string | undefined },
) {
  const rows = await db<AdrRow[]>`
    select ${columns(db)} from adrs
    where project_id = ${filter.project_id} and number > ${after(filter)}::bigint
      ${filter.status ? db`and status = ${filter.status}` : db``}
    order by number limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.number)
}

export async function updateAdr(
  tx: Tx,
  { id }: Pick<AdrRow, 'id'>,
  changes: Partial<NewAdr>,
): Promise<void> {
  await tx`update adrs set ${rowOf(tx, changes)}, updated_at = now() where id = ${id}`
}
