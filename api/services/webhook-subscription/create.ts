import { createSubscription as command } from '../../commands/webhooks.ts'
import { found } from '../../core/errors.ts'
import { originOf } from '../../core/webhooks/url.ts'
import { findProject } from '../../store/projects.ts'
import { insertSubscription } from '../../store/webhook-subscriptions.ts'
import { mutation } from '../mutation.ts'
import { withCheckedAddress } from './checked-address.ts'
import { newWebhookSecret } from './secret.ts'
import { toldOf } from './told.ts'

const create = mutation(
  command,
  async (work, input) => {
    const { project_id } = input
    if (project_id !== null) found(await findProject(work.tx, project_id), 'project', project_id)
    const secret = newWebhookSecret()
    const subscription = await insertSubscription(
      work.tx,
      { ...input, project_id, description: input.description ?? null },
      secret,
    )
    await work.record(
      toldOf(subscription, {
        type: 'webhook.subscribed',
        payload: { origin: originOf(subscription.url), event_types: subscription.event_types },
      }),
    )
    return { ...subscription, secret }
  },
  // A secret is shown once; a repeat of the request does not show it again.
  { kept: (subscription) => ({ ...subscription, secret: null }) },
)

export const createSubscription = withCheckedAddress(create, ({ url }) => url)
