import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { call } from '../connect/client.ts'
import { createLocalWindmill } from '../local-windmill/index.ts'
import { type Figure, figure, rounded } from './figure.ts'
import { median, percentile, timed } from './measure.ts'
import type { World } from './world.ts'

const modules = 20
const rounds = 15
const warmUp = 3

/** Tells how long its own work took, so that the rest is the engine's. */
const script = `export async function main(n: number) {
  const began = performance.now()
  let sum = 0
  for (let i = 0; i < 1000; i++) sum += i * n
  return { next: n + 1, sum, ms: performance.now() - began }
}
`

/** What the engine adds to each step of a flow of small scripts, one after the other, over HTTP. */
export async function measureEngineStep(world: World): Promise<Figure[]> {
  const root = await workspace(world)
  const engine = await createLocalWindmill({
    databaseUrl: world.databaseUrl,
    root,
    authenticate: async () => ({ name: 'bench', role: 'admin' }),
    host: '127.0.0.1',
    port: 0,
    secretKey: Buffer.alloc(32, 1),
    log: pino({ level: 'warn' }, pino.destination(2)),
  })
  try {
    const api = `/api/w/devgodzilla/jobs`
    const target = { url: engine.url, token: 'bench' }
    const perStep: number[] = []
    const own: number[] = []
    const wholes: number[] = []
    const workers: number[] = []
    for (let round = -warmUp; round < rounds; round++) {
      const began = performance.now()
      await call(target, {
        method: 'POST',
        path: `${api}/run_wait_result/f/f/bench/steps`,
        body: { n: 1 },
      })
      const whole = performance.now() - began
      const steps = await stepsOfLastJob(world)
      if (round < 0) continue
      wholes.push(whole)
      workers.push(await timed(bareWorker))
      own.push(...steps.map((step) => step.own))
      perStep.push(...steps.map((step) => step.took - step.own))
    }
    return [
      figure({
        name: 'engine_step',
        value: median(perStep),
        baseline: median(own),
        bound: { value: 25 },
        detail: {
          p95: rounded(percentile(perStep, 95)),
          steps: perStep.length,
          flow: rounded(median(wholes)),
          modules,
          // A step has a thread of its own, started ahead: a machine that is busy shows in this.
          bare_worker: rounded(median(workers)),
        },
      }),
    ]
  } finally {
    await engine.close()
  }
}

async function bareWorker(): Promise<void> {
  await once(new Worker('', { eval: true }), 'exit')
}

/** From the beginning of a step to that of the next, or to the end of the job. */
async function stepsOfLastJob({ sql }: World): Promise<{ took: number; own: number }[]> {
  return sql<{ took: number; own: number }[]>`
    select (result ->> 'ms')::float8 as own,
      extract(epoch from coalesce(lead(s.started_at) over (order by s.started_at),
        j.completed_at) - s.started_at)::float8 * 1000 as took
    from windmill.steps s
    join (select id, completed_at from windmill.jobs where kind = 'flow'
      order by created_at desc limit 1) j on j.id = s.job_id
    order by s.started_at`
}

async function workspace(world: World): Promise<string> {
  const root = await world.folder('workspace')
  const flow = join(root, 'f/bench/steps__flow')
  await mkdir(flow, { recursive: true })
  await writeFile(join(root, 'f/bench/step.ts'), script)
  await writeFile(
    join(root, 'f/bench/step.script.yaml'),
    stringify({ summary: 'Step', kind: 'script' }),
  )
  await writeFile(
    join(flow, 'flow.yaml'),
    stringify({
      summary: 'Steps',
      schema: {
        type: 'object',
        properties: { n: { type: 'integer' } },
        required: ['n'],
      },
      value: {
        modules: Array.from({ length: modules }, (_, index) => ({
          id: `s${index}`,
          value: {
            type: 'script',
            path: 'f/bench/step',
            input_transforms: {
              n: {
                type: 'javascript',
                expr: index === 0 ? 'flow_input.n' : `results.s${index - 1}.next`,
              },
            },
          },
        })),
      },
    }),
  )
  return root
}
