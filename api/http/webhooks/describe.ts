import type * as z from 'zod'
import { SpecKitNotice, WindmillNotice } from '../../commands/notices.ts'
import { GitHubPush } from '../../core/webhooks/github-push.ts'

/** A webhook that comes in, as OpenAPI tells of it. */
export interface DescribedHook {
  path: string
  operationId: string
  summary: string
  description: string
  /** Header → what it holds. */
  headers: Readonly<Record<string, string>>
  body: z.ZodType
}

const standard = {
  'webhook-id': 'unique per message; a repeat has the same one',
  'webhook-timestamp': 'Unix seconds, at most five minutes off',
  'webhook-signature': 'v1,<base64 HMAC-SHA256 of "id.timestamp.body" with the webhook secret>',
}

export const describedHooks: readonly DescribedHook[] = [
  {
    path: '/webhooks/speckit',
    operationId: 'webhook.speckit',
    summary: 'Say that the tasks.md of a spec may have changed',
    description: 'The file is read again from the repository. Signed after Standard Webhooks.',
    headers: standard,
    body: SpecKitNotice,
  },
  {
    path: '/webhooks/github',
    operationId: 'webhook.github',
    summary: 'Take a webhook of GitHub',
    description:
      'A push to the default branch of a project has the specs it touched read again from the repository.',
    headers: {
      'X-GitHub-Event': 'push; others are answered and ignored',
      'X-GitHub-Delivery': 'id of the delivery; a repeat has the same one',
      'X-Hub-Signature-256': 'sha256=<hex HMAC-SHA256 of the body with the webhook secret>',
    },
    body: GitHubPush,
  },
  {
    path: '/webhooks/windmill',
    operationId: 'webhook.windmill',
    summary: 'Say that a job has ended',
    description:
      'Windmill is asked how it ended, and the protocol run with this flow_job_id notes it. Signed after Standard Webhooks.',
    headers: standard,
    body: WindmillNotice,
  },
]
