import { createHmac, randomUUID } from 'node:crypto'
import { type Answer, type TestApi, webhookSecret } from '../../../../support/api.ts'

export interface Sending {
  id?: string
  secret?: string
  /** How far the timestamp lies from now, in seconds. */
  seconds?: number
  /** Replaces headers of the message; undefined leaves one out. */
  headers?: Record<string, string | undefined>
}

const given = (headers: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).filter((it): it is [string, string] => it[1] !== undefined),
  )
const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body))

/**
 * Signs as a sender would who knows the two schemes and nothing of the product, and sends without
 * a token.
 */
export function senderTo(api: Pick<TestApi, 'post'>) {
  const send = (path: string, body: string, headers: Record<string, string | undefined>) =>
    api.post(path, body, {
      token: null,
      headers: given({ 'Content-Type': 'application/json', ...headers }),
    })
  return {
    ours(path: string, body: unknown, options: Sending = {}): Promise<Answer> {
      const text = textOf(body)
      const id = options.id ?? `msg_${randomUUID()}`
      const timestamp = String(Math.floor(Date.now() / 1000) + (options.seconds ?? 0))
      const code = createHmac('sha256', options.secret ?? webhookSecret)
        .update(`${id}.${timestamp}.${text}`)
        .digest('base64')
      return send(path, text, {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${code}`,
        ...options.headers,
      })
    },
    github(event: string, body: unknown, options: Sending = {}): Promise<Answer> {
      const text = textOf(body)
      const code = createHmac('sha256', options.secret ?? webhookSecret)
        .update(text)
        .digest('hex')
      return send('/webhooks/github', text, {
        'X-GitHub-Event': event,
        'X-GitHub-Delivery': options.id ?? randomUUID(),
        'X-Hub-Signature-256': `sha256=${code}`,
        ...options.headers,
      })
    },
  }
}

/** A push to main of github.com/team/shop, as far as it is read. */
export const pushOf = (fields: object = {}) => ({
  ref: 'refs/heads/main',
  created: false,
  deleted: false,
  forced: false,
  commits: [{ added: [], removed: [], modified: ['specs/001-shop/tasks.md'] }],
  repository: {
    clone_url: 'https://github.com/team/shop.git',
    ssh_url: 'git@github.com:team/shop.git',
    html_url: 'https://github.com/team/shop',
  },
  ...fields,
})
