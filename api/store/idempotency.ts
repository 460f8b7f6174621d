import type { Db, Tx } from './database.ts'

export interface KeyedRequest {
  actor: string
  key: string
  command: string
  requestHash: string
}

export interface KeptAnswer {
  command: string
  request_hash: string
  response: unknown
  changed: boolean
}

/**
 * Claims a key for this transaction, or answers what was kept under it. Two requests with one key
 * wait for each other here, on the primary key.
 */
export async function claimKey(tx: Tx, request: KeyedRequest): Promise<KeptAnswer | undefined> {
  const claimed = await tx`
    insert into idempotency_keys (actor, key, command, request_hash, response, changed)
    values (${request.actor}, ${request.key}, ${request.command}, ${request.requestHash},
      'null', false)
    on conflict do nothing returning 1`
  if (claimed.length > 0) return undefined
  const [kept] = await tx<KeptAnswer[]>`
    select command, request_hash, response, changed from idempotency_keys
    where actor = ${request.actor} and key = ${request.key}`
  return kept
}

/** Whether an answer is kept under a key by now. */
export async function isKept(db: Db, actor: string, key: string): Promise<boolean> {
  const rows = await db`select from idempotency_keys where actor = ${actor} and key = ${key}`
  return rows.length > 0
}

export async function keepAnswer(
  tx: Tx,
  request: KeyedRequest,
  response: unknown,
  changed: boolean,
): Promise<void> {
  await tx`
    update idempotency_keys set response = ${tx.json(response as never)}, changed = ${changed}
    where actor = ${request.actor} and key = ${request.key}`
}
