import type { Context } from 'hono'
import { SpecKitNotice, type WebhookAnswer, WindmillNotice } from '../../commands/notices.ts'
import { DomainError, notFound } from '../../core/errors.ts'
import { GitHubPush } from '../../core/webhooks/github-push.ts'
import type { Outcome } from '../../services/runtime.ts'
import { receivePush } from '../../services/webhook/github.ts'
import { type Incoming, ignored } from '../../services/webhook/once.ts'
import { receiveSpecKit } from '../../services/webhook/speckit.ts'
import { receiveWindmill } from '../../services/webhook/windmill.ts'
import { type App, type Env, newApp, type Surface } from '../app.ts'
import { atMost } from '../body-limit.ts'
import { read, signedByGitHub, signedByUs } from './signed.ts'

/** Webhooks that come in: open to anyone who can sign with the secret. */
export function webhooks({ runtime, webhookSecret: secret }: Surface): App {
  const app = newApp()
  app.post('/webhooks/speckit', atMost(1), async (c) => {
    const delivery = await signedByUs(c, secret, 'speckit')
    return answer(c, await receiveSpecKit(runtime, delivery, await read(c, SpecKitNotice)))
  })
  app.post('/webhooks/windmill', atMost(1), async (c) => {
    const delivery = await signedByUs(c, secret, 'windmill')
    return answer(c, await receiveWindmill(runtime, delivery, await read(c, WindmillNotice)))
  })
  app.post('/webhooks/github', atMost(5), async (c) => {
    const delivery = await signedByGitHub(c, secret)
    refuseForm(c)
    const event = c.req.header('X-GitHub-Event') ?? ''
    if (event === 'push') {
      return answer(c, await receivePush(runtime, delivery, await read(c, GitHubPush)))
    }
    const why = event === 'ping' ? 'The hook is set up.' : `There is nothing to do on "${event}".`
    return answer(c, unread(delivery, `${why} Events of the type push are read.`))
  })
  app.all('/webhooks/:source', (c) => {
    if (!['speckit', 'github', 'windmill'].includes(c.req.param('source'))) {
      throw notFound('page', c.req.path)
    }
    c.header('Allow', 'POST')
    throw new DomainError('method_not_allowed', 'method', 'This path takes POST.')
  })
  return app
}

/** 202 for what will be worked on; 200 for a repeat, and for what causes nothing. */
const answer = (c: Context<Env>, { output, changed }: Outcome<WebhookAnswer>) =>
  c.json(output, changed ? 202 : 200)

const unread = ({ deliveryId }: Incoming, detail: string): Outcome<WebhookAnswer> => ({
  output: { delivery_id: deliveryId, ...ignored(detail) },
  changed: false,
})

function refuseForm(c: Context<Env>): void {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? '')) return
  throw new DomainError(
    'malformed',
    'json',
    'Set the content type of the hook to application/json in its settings on GitHub.',
  )
}
