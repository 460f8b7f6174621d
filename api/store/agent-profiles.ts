import { AgentProfile } from '../core/entities/agent-profile.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(AgentProfile)
const json = ['capabilities', 'safety_rails']

type NewProfile = Pick<AgentProfile, 'code' | 'name'> & Partial<AgentProfile>

export async function insertProfile(tx: Tx, profile: NewProfile): Promise<AgentProfile> {
  const [row] = await tx<AgentProfile[]>`
    insert into agent_profiles ${rowFor(tx, profile, json)} returning ${tx(columns)}`
  return row as AgentProfile
}

export async function findProfile(db: Db, code: string): Promise<AgentProfile | undefined> {
  const [row] = await db<AgentProfile[]>`
    select ${db(columns)} from agent_profiles where code = ${code}`
  return row
}

export async function lockProfile(tx: Tx, code: string): Promise<AgentProfile | undefined> {
  const [row] = await tx<AgentProfile[]>`
    select ${tx(columns)} from agent_profiles where code = ${code} for update`
  return row
}

export async function profileCodes(db: Db): Promise<string[]> {
  const rows = await db<{ code: string }[]>`
    select code from agent_profiles order by id desc limit 1000`
  return rows.map(({ code }) => code)
}

export async function listProfiles(db: Db, page: Page) {
  const rows = await db<AgentProfile[]>`
    select ${db(columns)} from agent_profiles where id > ${after(page)}
    order by id limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.id)
}

export async function saveProfile(
  tx: Tx,
  id: number,
  changes: Partial<AgentProfile>,
): Promise<AgentProfile> {
  const [row] = await tx<AgentProfile[]>`
    update agent_profiles set ${rowFor(tx, changes, json)}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as AgentProfile
}

export async function deleteProfile(tx: Tx, id: number): Promise<void> {
  await tx`delete from agent_profiles where id = ${id}`
}
