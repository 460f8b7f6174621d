import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Signed messages after Standard Webhooks (standardwebhooks.com), both for what comes in and for
 * what goes out, and GitHub's own way for what comes from there. The body is signed as the bytes
 * that travel: parsing and printing it again would change them.
 */
export interface Message {
  /** Unique per message, the same with each repeat of it: header `webhook-id`. */
  id: string
  /** Unix seconds: header `webhook-timestamp`. */
  timestamp: number
  body: Uint8Array | string
}

/** The three headers of a message as they arrived; undefined where one is missing. */
export interface SignedHeaders {
  id: string | undefined
  timestamp: string | undefined
  /** Space-separated `v1,<base64>`: several while a secret is rotated. */
  signature: string | undefined
}

export type Verdict = 'valid' | 'incomplete' | 'wrong_signature' | 'too_old' | 'too_new'

/** How far a timestamp may lie from the clock, either way: what limits replays. */
export const toleranceSeconds = 5 * 60

/**
 * The signature of a message, `v1,<base64>`. Sign with each valid secret and join by a space while
 * one secret replaces another.
 * @throws Error for a secret that cannot be a key
 */
export function sign(secret: string, { id, timestamp, body }: Message): string {
  return `v1,${mac(secret, id, String(timestamp), body).toString('base64')}`
}

/**
 * Whether a message was signed with the secret, within five minutes of `nowSeconds`. The signature
 * is compared in constant time, and judged before the timestamp: a stranger learns one answer.
 * @throws Error for a secret that cannot be a key
 */
export function verify(
  secret: string,
  headers: SignedHeaders,
  body: Uint8Array | string,
  nowSeconds: number,
): Verdict {
  const { id, timestamp, signature } = headers
  if (!id || !signature || !timestamp || !/^\d{1,12}$/.test(timestamp)) return 'incomplete'
  const expected = mac(secret, id, timestamp, body)
  const matches = signature.split(' ').map((given) => {
    const [, code] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(given) ?? []
    return code !== undefined && timingSafeEqual(Buffer.from(code, 'base64'), expected)
  })
  if (!matches.includes(true)) return 'wrong_signature'
  const age = nowSeconds - Number(timestamp)
  if (age > toleranceSeconds) return 'too_old'
  return -age > toleranceSeconds ? 'too_new' : 'valid'
}

/**
 * GitHub's `X-Hub-Signature-256: sha256=<hex>` over the body alone. It has no timestamp; repeats are
 * told apart by the id of the delivery.
 */
export function verifyGitHub(
  secret: string,
  signature: string | undefined,
  body: Uint8Array | string,
): Verdict {
  if (!signature) return 'incomplete'
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature) ?? []
  const expected = createHmac('sha256', secret).update(body).digest()
  const matches = hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), expected)
  return matches ? 'valid' : 'wrong_signature'
}

const mac = (secret: string, id: string, timestamp: string, body: Uint8Array | string) =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest()

/**
 * The key a secret stands for: `whsec_<base64>` its bytes, any other text its own.
 * @throws Error where nothing is left, or what follows `whsec_` is not base64
 */
export function keyOf(secret: string): Buffer {
  const [, base64] = /^whsec_(.*)$/s.exec(secret) ?? []
  if (base64 === undefined) {
    if (secret === '') throw new Error('A webhook secret must not be empty.')
    return Buffer.from(secret, 'utf8')
  }
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(base64)) {
    throw new Error('After "whsec_", a webhook secret must be base64.')
  }
  if (base64 === '') throw new Error('After "whsec_", a webhook secret must not be empty.')
  return Buffer.from(base64, 'base64')
}
