import { ApiToken, type Role, type TokenState } from '../core/entities/access.ts'
import { columnsOf, type Db, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

const columns = columnsOf(ApiToken)

export interface NewToken {
  name: string
  role: Role
  service: boolean
  secret_hash: Buffer
  expires_at: string | null
}

/** Undefined where there is a token with this secret already, be it revoked. */
export async function insertToken(db: Db, token: NewToken): Promise<ApiToken | undefined> {
  const [row] = await db<ApiToken[]>`
    insert into api_tokens ${db({ ...token, secret_hash: token.secret_hash as never })}
    on conflict (secret_hash) do nothing returning ${db(columns)}`
  return row
}

/** A token that is valid now, by the hash of its secret. */
export async function findToken(db: Db, secretHash: Buffer): Promise<ApiToken | undefined> {
  const [row] = await db<ApiToken[]>`
    select ${db(columns)} from api_tokens
    where secret_hash = ${secretHash} and revoked_at is null
      and (expires_at is null or expires_at > now())`
  return row
}

export interface TokenFilter {
  role?: Role | undefined
  state?: TokenState | undefined
}

export async function listTokens(db: Db, { role, state, ...page }: Page & TokenFilter) {
  const states = {
    valid: db`and revoked_at is null and (expires_at is null or expires_at > now())`,
    revoked: db`and revoked_at is not null`,
    expired: db`and revoked_at is null and expires_at <= now()`,
  }
  const rows = await db<ApiToken[]>`
    select ${db(columns)} from api_tokens
    where id > ${after(page)} ${role ? db`and role = ${role}` : db``} ${state ? states[state] : db``}
    order by id limit ${page.limit + 1}`
  return pageOf(rows, page, (row) => row.id)
}

export async function revokeToken(tx: Tx, id: number): Promise<ApiToken | undefined> {
  const [row] = await tx<ApiToken[]>`
    update api_tokens set revoked_at = coalesce(revoked_at, now()) where id = ${id}
    returning ${tx(columns)}`
  return row
}

export async function revokeSecret(db: Db, secretHash: Buffer): Promise<void> {
  await db`
    update api_tokens set revoked_at = coalesce(revoked_at, now())
    where secret_hash = ${secretHash}`
}

export async function insertLoginCode(db: Db, codeHash: Buffer, minutes: number): Promise<void> {
  await db`delete from login_codes where expires_at < now()`
  await db`
    insert into login_codes (code_hash, expires_at)
    values (${codeHash}, now() + make_interval(mins => ${minutes}))`
}

/** Uses a code up: it works once. */
export async function useLoginCode(tx: Tx, codeHash: Buffer): Promise<boolean> {
  const rows = await tx`
    delete from login_codes where code_hash = ${codeHash} and expires_at > now() returning 1`
  return rows.length > 0
}
