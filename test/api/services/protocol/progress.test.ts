import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()

test('the progress of runs counts living steps, and sums what their attempts cost', async () => {
  const project = await api.project()
  const made = await api.linkedRun(project.id, [
    { step_name: 'a' },
    { step_name: 'b' },
    { step_name: 'c' },
    { step_name: 'd' },
  ])
  await api.act(made.step('a'), 'start', { agent: 'claude' })
  await api.act(made.step('a'), 'complete', { tokens: 1200, cost_usd: 0.5 })
  await api.act(made.step('b'), 'start')
  await api.act(made.step('b'), 'fail', { cost_usd: 0.25, reason: 'no' })
  await api.act(made.step('c'), 'cancel')
  const { body } = await api.get(`/projects/${project.id}/protocol-progress`)
  expect(body.items).toEqual([
    {
      protocol_run_id: made.run.id,
      ...{ steps: 3, done: 1, running: 0, stuck: 1 },
      ...{ tokens: 1200, cost_usd: 0.75, agents: ['claude'] },
    },
  ])
})
