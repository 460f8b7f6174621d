import { describe, expect, it } from 'vitest'
import { main as createSprint } from '../../../f/devgodzilla/protocol/create_sprint.ts'
import { main as getProtocol } from '../../../f/devgodzilla/protocol/get_protocol.ts'
import { main as syncToSprint } from '../../../f/devgodzilla/protocol/sync_to_sprint.ts'
import { main as waitForSprint } from '../../../f/devgodzilla/protocol/wait_for_sprint.ts'
import { answer, apiThat, inTurn, problem } from '../support/api-server.ts'
import { sprint } from '../support/entities.ts'

const run = { id: 5, project_id: 1, protocol_name: 'Shop', status: 'pending', linked_sprint_id: 7 }
const report = {
  ...{ sprint_id: 7, protocol_run_id: 5, created: [1], updated: [], archived: [] },
  ...{ missing: [], unchanged: 0 },
}

describe('get_protocol', () => {
  it('answers the run', async () => {
    const { api } = await apiThat({ 'GET /protocols/5': answer(run) })
    expect(await getProtocol(api, 5)).toEqual(run)
  })

  it('fails on an unknown one', async () => {
    const { api } = await apiThat({})
    await expect(getProtocol(api, 5)).rejects.toThrow(/refused with 404: There is no \/protocols/)
  })
})

describe('create_sprint', () => {
  it.each([
    [
      'what is given',
      ['A sprint', '2026-01-05', '2026-01-16'],
      {
        ...{ sprint_name: 'A sprint', start_date: '2026-01-05', end_date: '2026-01-16' },
      },
    ],
    ['nothing for empty fields', ['', '', ''], {}],
  ] as const)('sends %s, and leaves the sync to its own step', async (_, given, sent) => {
    const path = 'POST /protocols/5/actions/create-sprint'
    const { api, changes } = await apiThat({ [path]: answer(sprint()) })
    expect(await createSprint(api, 5, ...given)).toMatchObject({ id: 7 })
    expect(changes()[0]?.body).toEqual({ ...sent, auto_sync: false })
  })
})

describe('wait_for_sprint', () => {
  const path = 'GET /protocols/5/sprint'

  it('waits through 404', async () => {
    const { api, received } = await apiThat({
      [path]: inTurn(problem(404), problem(404), answer(sprint())),
    })
    expect(await waitForSprint(api, 5)).toMatchObject({ id: 7 })
    expect(received).toHaveLength(3)
  })

  it('does not wait for ever', async () => {
    const { api } = await apiThat({ [path]: problem(404) })
    await expect(waitForSprint(api, 5, 0.3)).rejects.toThrow(/has no sprint after 0.3 s/)
  })

  it('does not wait for what waiting does not mend', async () => {
    const { api, received } = await apiThat({ [path]: problem(403) })
    await expect(waitForSprint(api, 5)).rejects.toMatchObject({ name: 'ApiRefused', status: 403 })
    expect(received).toHaveLength(1)
  })
})

describe('sync_to_sprint', () => {
  it('makes missing cards unless told otherwise', async () => {
    const path = 'POST /protocols/5/actions/sync-to-sprint'
    const { api, changes } = await apiThat({ [path]: answer(report) })
    expect(await syncToSprint(api, 5)).toEqual(report)
    await syncToSprint(api, 5, false)
    expect(changes().map(({ body }) => body)).toEqual([
      { create_missing_tasks: true },
      { create_missing_tasks: false },
    ])
  })
})
