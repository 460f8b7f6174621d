import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'
import { pushOf, senderTo } from './support/sender.ts'

const api = await checkedApi({ sprintIntegration: false })
const { ours, github } = senderTo(api)
const project = await api.project({ slug: 'shop', repo_url: 'https://github.com/team/shop' })

test('with the integration off, every hook is answered and starts nothing', async () => {
  const run = await api.run(project.id, [{ step_name: 'a' }])
  const job_id = '00000000-0000-4000-8000-000000000001'
  await api.patch(`/protocols/${run.id}`, { flow_job_id: job_id })
  const answers = [
    await ours('/webhooks/speckit', { project: 'shop', spec_path: 'specs/001-shop' }),
    await github('push', pushOf()),
    await ours('/webhooks/windmill', { job_id }),
  ]
  for (const answer of answers) {
    expect(answer).toMatchObject({
      status: 200,
      body: { outcome: 'ignored', detail: expect.stringContaining('SPRINT_INTEGRATION') },
    })
  }
  expect((await api.get('/events?entity_type=webhook_delivery')).body.items).toEqual([])
})
