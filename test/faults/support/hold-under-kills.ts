import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { checked } from '../../api/support/checked-api.ts'
import { engineProcesses } from '../../scripts/local-windmill/engine-process.ts'
import { authenticate, SECRET_KEY } from '../../scripts/local-windmill/engine-under-test.ts'
import { type Json, testApi } from '../../support/api.ts'
import { createClusterOfOne, testDatabase } from '../../support/database.ts'
import { boundariesOf, type Held } from './boundaries.ts'
import { type Story, stories, type Tell } from './flow-stories.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Jobs killed at once: fewer than an engine has connections, since each of them holds one. */
const TOGETHER = 7
/** The steps inside a flow that is run as a step are enumerated as its own. */
const isOwn = (boundary: string) => !/\bread_again\//.test(boundary)

/**
 * A test for each of these flows: whichever boundary of its steps the engine is killed at, its state
 * in the end is that of a run which nobody killed. Flows that take long have a file of their own, so
 * that files run side by side.
 */
export async function holdUnderKills(names: (keyof typeof stories)[]): Promise<void> {
  // What is held at a boundary holds back the stream of events, in every database of its cluster.
  const api = checked(await testApi({ database: await testDatabase(createClusterOfOne) }))
  const boundaries = await boundariesOf(api.database.sql)
  const startEngine = await engineProcesses()
  let engine: Awaited<ReturnType<typeof startEngine>>
  let nth = 0

  beforeAll(async () => {
    const { databaseUrl, host } = { databaseUrl: api.database.url, host: '127.0.0.1' }
    const first = await createLocalWindmill({
      ...{ databaseUrl, root, host, port: 0, authenticate, secretKey: SECRET_KEY },
      log: pino({ level: 'silent' }),
    })
    await first.setVariable('f/devgodzilla/api_token', api.adminToken, { secret: true })
    const resource = { base_url: api.url, token: '$var:f/devgodzilla/api_token' }
    await first.setResource('f/devgodzilla/api', resource, 'c_devgodzilla_api')
    await first.close()
    engine = await startEngine(databaseUrl, root)
  })

  /** Looks at what came of it, and takes the project out of the sight of the next run. */
  async function outcomeOf(story: Story, job: Json, how: string) {
    expect(job.success, `${how}: ${JSON.stringify(job.result)}`).toBe(true)
    // What follows from its last change is done, and told although other jobs are writing.
    await api.settled()
    await api.caughtUp()
    const outcome = await story.outcome()
    await api.patch(`/projects/${story.project_id}`, { settings: { sprint_integration: false } })
    return outcome
  }

  async function begin(name: string, story: Story, job: string) {
    const path = `/jobs/run/f/f/devgodzilla/${name}?job_id=${job}`
    expect(await engine.api.post(path, story.args)).toMatchObject({ status: 201 })
  }

  test.each(names)(
    '%s ends in the same state, killed at whichever boundary of its steps',
    { timeout: 240_000 },
    async (name) => {
      const tell: Tell = stories[name]
      const calm = await tell(api, `calm-${++nth}`)
      const calmJob = randomUUID()
      await begin(name, calm, calmJob)
      const expected = await outcomeOf(calm, await engine.api.ended(calmJob, 60_000), 'not killed')

      const all = (await boundaries.passed(calmJob)).filter(isOwn)
      expect(all.length).toBeGreaterThan(4)
      const together = calm.alone ? 1 : TOGETHER
      for (let from = 0; from < all.length; from += together) {
        const held: (Held & { story: Story })[] = []
        for (const boundary of all.slice(from, from + together)) {
          held.push({
            job: randomUUID(),
            name: boundary,
            story: await tell(api, `killed-${++nth}`),
          })
        }
        await boundaries.killAt(
          held.map(({ job, name }) => ({ job, name })),
          async () => {
            for (const { job, story } of held) await begin(name, story, job)
          },
          () => engine.program.kill('SIGKILL'),
        )
        engine = await startEngine(api.database.url, root)
        for (const { job, name: boundary, story } of held) {
          const how = `killed right before "${boundary}"`
          const outcome = await outcomeOf(story, await engine.api.ended(job, 60_000), how)
          expect(outcome, how).toEqual(expected)
        }
      }
    },
  )
}
