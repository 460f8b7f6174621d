import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StoredEvent } from '../../api/core/entities/event.ts'
import { eventually } from '../support/api.ts'
import { testDatabase } from '../support/database.ts'
import { repositoryWith } from './support/git-repositories.ts'
import { startInstallation } from './support/installation.ts'

const database = await testDatabase()
let house: Awaited<ReturnType<typeof startInstallation>>
beforeAll(async () => {
  house = await startInstallation(database.url)
})
afterAll(() => house.close())

it('carries one correlation id from a request through handler, flow and API to the last event', async () => {
  const project = await house.ask<{ id: number }>('POST', '/projects', {
    ...{ slug: 'shop', name: 'Shop', local_path: await repositoryWith({ 'README.md': '' }) },
  })
  await house.ask('POST', '/protocols', {
    project_id: project.id,
    protocol_name: 'Build',
    steps: [{ step_name: 'Build', story_points: 3 }],
  })
  const read = async (query: string) =>
    (await house.ask<{ items: StoredEvent[] }>('GET', `/events?limit=1000&${query}`)).items
  const [asked] = await eventually(
    () => read('type=protocol.created'),
    (events) => events.length > 0,
  )
  // The handler starts the flow, which makes the sprint and its cards; another handler counts them.
  const story = await eventually(
    () => read(`correlation_id=${asked?.correlation_id}`),
    (events) => events.some((event) => event.type === 'sprint.velocity_updated'),
  )
  expect(new Set(story.map((event) => event.type))).toEqual(
    new Set([
      'protocol.created',
      'sprint.created',
      'protocol.sprint_linked',
      'task.created',
      'sprint.synced',
      'sprint.velocity_updated',
    ]),
  )
  const all = await read(`project_id=${project.id}`)
  expect(all.filter((event) => event.type !== 'project.created')).toEqual(story)

  // From any event, its causes lead back to what was asked for.
  const byId = new Map(story.map((event) => [event.id, event]))
  for (const event of story) {
    let at = event
    while (at.causation_id !== null) {
      const cause = byId.get(at.causation_id)
      if (!cause) throw new Error(`${at.type} was caused by an event of another story`)
      at = cause
    }
    expect(at.type).toBe('protocol.created')
  }
  const cause = (type: string) =>
    byId.get(story.find((event) => event.type === type)?.causation_id ?? 0)?.type
  expect(cause('sprint.created')).toBe('protocol.created')
  expect(cause('sprint.velocity_updated')).not.toBe('protocol.created')
})
