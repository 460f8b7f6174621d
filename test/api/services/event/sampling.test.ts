import { expect, test } from 'vitest'
import type { NewEvent } from '../../../../api/core/events/catalogue.ts'
import { rememberedTypes } from '../../../../api/core/events/remembered.ts'
import { sampledTypes, samplingRates } from '../../../../api/core/events/sampling.ts'
import { deliveriesOf } from '../../../../api/core/events/subscriptions.ts'
import { chartEventTypes } from '../../../../api/core/metrics/chart-event.ts'
import type { Json } from '../../../support/api.ts'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi({
  sampling: { 'step.artifact_added': 0.25, 'context.assembled': 0.5 },
})

test('no type that a chart, a handler, a rule or the trail of changes needs may be left out', () => {
  for (const type of sampledTypes) {
    const ids = { projectId: 1, sprintId: 1, protocolRunId: 1 }
    expect(deliveriesOf({ type, ...ids }), type).toEqual([])
    expect([...chartEventTypes, ...rememberedTypes]).not.toContain(type)
    expect(type).not.toMatch(/^(project|spec|sprint|task|protocol|token|conflict|delivery|alert)\./)
  }
})

test('one in four is recorded and says how many were left out, as the metrics do', async () => {
  const project = await api.project()
  const { steps } = await api.run(project.id, [{ step_name: 'a' }])
  await api.act(steps[0], 'start')
  for (let n = 0; n < 9; n++) {
    const { status } = await api.post(`/steps/${steps[0].id}/artifacts`, {
      name: `${n}.md`,
      content: 'x',
    })
    expect(status).toBe(201)
  }
  const events: Json[] = (await api.get('/events?type=step.artifact_added')).body.items
  expect(events.map((it) => [it.payload.name, it.payload.left_out])).toEqual([
    ['0.md', undefined],
    ['4.md', 3],
    ['8.md', 3],
  ])
  expect((await api.get('/metrics')).body).toContain(
    'devgodzilla_events_left_out{type="step.artifact_added"} 6',
  )
  // What others tell is not touched.
  expect((await api.get('/events?type=step.started')).body.items).toHaveLength(1)
})

test('contexts are sampled as well, and who begins to work is told each time', async () => {
  const project = await api.project()
  const { code } = await api.sprint(project.id)
  for (let n = 0; n < 4; n++) {
    expect((await api.post('/agent/init', { command: `S:${code}`, agent: 'ada' })).status).toBe(201)
  }
  const told = async (type: string): Promise<Json[]> =>
    (await api.get(`/events?type=orchestration.${type}`)).body.items
  expect(await told('agent.initialized')).toHaveLength(4)
  const assembled = await told('context.assembled')
  expect(assembled.map((it) => [it.level, it.payload.left_out])).toEqual([
    ['debug', undefined],
    ['debug', 1],
  ])
})

test('a rate is a share of a type that may be left out', () => {
  expect(samplingRates.parse('step.artifact_added=0.1')).toEqual({ 'step.artifact_added': 0.1 })
  for (const wrong of ['task.created=0.1', 'step.artifact_added', 'step.artifact_added=0', 'x=1']) {
    expect(samplingRates.safeParse(wrong).error?.issues[0]?.message, wrong).toContain(
      'step.artifact_added=0.1',
    )
  }
  // Only the type system stands between an event that matters and this list.
  const matters: NewEvent['type'] = 'task.status_changed'
  expect(sampledTypes).not.toContain(matters)
})
