import { WebhookSubscription } from '../core/entities/webhook.ts'
import { columnsOf, type Db, rowFor, type Tx } from './database.ts'
import { after, type Page, pageOf } from './page.ts'

/** Never the secrets: those are read where messages are sent, and nowhere else. */
const columns = columnsOf(WebhookSubscription)

export type NewSubscription = Pick<
  WebhookSubscription,
  'project_id' | 'url' | 'event_types' | 'format' | 'description' | 'active'
>

export async function insertSubscription(
  tx: Tx,
  subscription: NewSubscription,
  secret: string,
): Promise<WebhookSubscription> {
  const [row] = await tx<WebhookSubscription[]>`
    insert into webhook_subscriptions ${rowFor(tx, { ...subscription, secret })}
    returning ${tx(columns)}`
  return row as WebhookSubscription
}

export async function findSubscription(
  db: Db,
  id: number,
): Promise<WebhookSubscription | undefined> {
  const [row] = await db<WebhookSubscription[]>`
    select ${db(columns)} from webhook_subscriptions where id = ${id}`
  return row
}

export async function lockSubscription(
  tx: Tx,
  id: number,
): Promise<WebhookSubscription | undefined> {
  const [row] = await tx<WebhookSubscription[]>`
    select ${tx(columns)} from webhook_subscriptions where id = ${id} for no key update`
  return row
}

export async function listSubscriptions(
  db: Db,
  filter: Page & { project_id?: number | undefined },
) {
  const rows = await db<WebhookSubscription[]>`
    select ${db(columns)} from webhook_subscriptions
    where id > ${after(filter)}
      ${filter.project_id ? db`and project_id = ${filter.project_id}` : db``}
    order by id limit ${filter.limit + 1}`
  return pageOf(rows, filter, (row) => row.id)
}

export async function updateSubscription(
  tx: Tx,
  id: number,
  changes: Partial<NewSubscription>,
): Promise<WebhookSubscription> {
  const [row] = await tx<WebhookSubscription[]>`
    update webhook_subscriptions set ${rowFor(tx, changes)}, updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row as WebhookSubscription
}

export async function deleteSubscription(
  tx: Tx,
  id: number,
): Promise<WebhookSubscription | undefined> {
  const [row] = await tx<WebhookSubscription[]>`
    delete from webhook_subscriptions where id = ${id} returning ${tx(columns)}`
  return row
}

/** Puts a new secret in place; the one before it signs along for so many hours. */
export async function replaceSecret(
  tx: Tx,
  id: number,
  secret: string,
  hours: number,
): Promise<WebhookSubscription | undefined> {
  const [row] = await tx<WebhookSubscription[]>`
    update webhook_subscriptions
    set secret = ${secret}, previous_secret = secret,
      previous_secret_until = now() + make_interval(hours => ${hours}), updated_at = now()
    where id = ${id} returning ${tx(columns)}`
  return row
}
