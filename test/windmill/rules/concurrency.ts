import { describe, expect } from 'vitest'
import { JobService } from 'windmill-client'
import { step } from '../support/modules.ts'
import { rule, server } from '../support/rule.ts'
import { effects, ended, mostAtOnce, start } from '../support/runs.ts'
import { slow } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

describe('a concurrency limit', () => {
  const limited = flow({
    concurrent_limit: 1,
    concurrency_time_window_s: 0,
    modules: [step('a', slow, { name: '=flow_input.name', seconds: 0.2 })],
  })
  const all = async () => {
    const ids = await Promise.all(['p', 'q', 'r'].map((name) => start(limited, { name })))
    for (const id of ids) expect((await ended(id)).success).toBe(true)
    const { workspace } = server()
    const jobs = await Promise.all(ids.map((id) => JobService.getJob({ workspace, id })))
    return effects(...jobs)
  }
  rule('lets so many runs of a flow go on at once, and the others wait for their turn', async () => {
    const left = await all()
    expect(left).toHaveLength(6)
    expect(mostAtOnce(left)).toBe(1)
  }, [
    {
      since: 'EE',
      how: 'limits belong to the Enterprise edition, and have no effect here',
      holds: async () => expect(await all()).toHaveLength(6),
    },
  ])
})
