import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type * as z from 'zod'
import { DomainError, invalid } from '../../core/errors.ts'
import {
  toleranceSeconds,
  type Verdict,
  verify,
  verifyGitHub,
} from '../../core/webhooks/signature.ts'
import { invalidInput } from '../../services/read-input.ts'
import type { Incoming } from '../../services/webhook/once.ts'
import type { WebhookSource } from '../../store/webhook-deliveries.ts'
import type { Env } from '../app.ts'
import { jsonBody } from '../input.ts'

/** A message that was signed with our secret, after Standard Webhooks. */
export async function signedByUs(
  c: Context<Env>,
  secret: string,
  source: WebhookSource,
): Promise<Incoming> {
  const body = new Uint8Array(await c.req.arrayBuffer())
  const headers = {
    id: c.req.header('webhook-id'),
    timestamp: c.req.header('webhook-timestamp'),
    signature: c.req.header('webhook-signature'),
  }
  const now = Math.floor(Date.now() / 1000)
  refuse(verify(secret, headers, body, now), 'webhook-id, webhook-timestamp and webhook-signature')
  return incoming(c, source, 'webhook-id', body)
}

/** A delivery of GitHub's, signed with the secret that was given to its hook. */
export async function signedByGitHub(c: Context<Env>, secret: string): Promise<Incoming> {
  const body = new Uint8Array(await c.req.arrayBuffer())
  refuse(verifyGitHub(secret, c.req.header('X-Hub-Signature-256'), body), 'X-Hub-Signature-256')
  return incoming(c, 'github', 'X-GitHub-Delivery', body)
}

/** The body in a shape that is known; read once it was verified. */
export async function read<T extends z.ZodType>(c: Context<Env>, shape: T): Promise<z.output<T>> {
  const parsed = shape.safeParse(await jsonBody(c))
  if (!parsed.success) throw invalidInput(parsed.error.issues)
  return parsed.data
}

function refuse(verdict: Verdict, headers: string): void {
  if (verdict === 'valid') return
  const minutes = toleranceSeconds / 60
  const meanings: Record<Exclude<Verdict, 'valid'>, [string, string]> = {
    incomplete: ['webhook_signature', `Sign the body: the headers ${headers} are needed.`],
    wrong_signature: [
      'webhook_signature',
      'The signature is not that of this body with DEVGODZILLA_WEBHOOK_SECRET.',
    ],
    too_old: ['webhook_timestamp', `webhook-timestamp is more than ${minutes} minutes ago.`],
    too_new: ['webhook_timestamp', `webhook-timestamp is more than ${minutes} minutes ahead.`],
  }
  throw new DomainError('unauthenticated', ...meanings[verdict])
}

function incoming(
  c: Context<Env>,
  source: WebhookSource,
  header: string,
  body: Uint8Array,
): Incoming {
  const deliveryId = c.req.header(header) ?? ''
  if (!/^[\x21-\x7e]{1,200}$/.test(deliveryId)) {
    throw invalid(header, 'delivery_id', 'must be 1 to 200 visible ASCII characters')
  }
  return {
    source,
    deliveryId,
    bodySha256: createHash('sha256').update(body).digest(),
    caller: {
      actor: `webhook:${source}`,
      role: 'agent',
      correlationId: c.var.requestId,
      causationId: null,
      agent: null,
      sessionKey: null,
      idempotencyKey: null,
    },
  }
}
