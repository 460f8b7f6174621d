import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import postgres from 'postgres'
import { startApi } from '../../api/main.ts'
import { migrate } from '../migrate.ts'
import { startPostgres } from '../postgres/start.ts'
import { changesOf, fuzzer } from './changes.ts'
import { contractOf } from './contract.ts'
import { type Json, operationsOf } from './operations.ts'
import { fuzz, type Target } from './run.ts'
import { outgoing } from './story.ts'

const usage = `Usage: npm run fuzz -- [--minutes N] [--seed N] [--runs N] [--only ID]

Sends every operation of /openapi.json requests of all sorts, made from its schemas, and holds the
answers against it. Ends with 1 where one is a failure, comes too late, is not as described, or
where a refusal has changed something; the request is printed as a curl line.

  --minutes N  how long (10)
  --seed N     where to begin; each round takes the next one
  --runs N     requests per operation and round (200)
  --only ID    one operation, such as task.update
`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '200' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const ending = new AbortController()

if (values.help) console.log(usage)
else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  process.exitCode = (await onItsOwn(rounds)) > 0 ? 1 : 0
}

/** An API of its own, on a Postgres of its own, for the length of the work. */
async function onItsOwn<T>(work: (target: Target) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'devgodzilla-fuzz-'))
  const adminToken = 'the-admin-token-of-the-fuzzer'
  const server = await startPostgres({ dataDir: home, log: () => {} })
  await migrate(server.url)
  const sql = postgres(server.url, { max: 1, onnotice: () => {} })
  const api = await startApi({
    databaseUrl: server.url,
    host: '127.0.0.1',
    port: 0,
    adminToken,
    windmill: () => ({ baseUrl: 'http://127.0.0.1:9', token: 'none', workspace: 'devgodzilla' }),
    sprintIntegration: true,
    outgoing,
    consoleDir: null,
    log: pino({ level: 'fatal' }),
  })
  try {
    const ask = async (path: string, body?: object): Promise<Json> => {
      const headers = { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' }
      const sent = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
      return (await fetch(api.url + path, sent)).json()
    }
    const document = await ask('/openapi.json')
    const { secret: token } = await ask('/tokens', { name: fuzzer, role: 'admin' })
    const contract = contractOf(document)
    return await work({ url: api.url, token, document, contract, newChanges: changesOf(sql) })
  } finally {
    await api.close()
    await sql.end()
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

/** Round after round, each with the next seed, until the time is over. Answers the faults found. */
async function rounds(target: Target): Promise<number> {
  const operations = operationsOf(target.document).filter(
    ({ id }) => values.only === undefined || id === values.only,
  )
  if (operations.length === 0) throw new Error(`There is no operation ${values.only}.`)
  const until = Date.now() + Number(values.minutes) * 60_000
  const faults = new Set<string>()
  const over = () =>
    Date.now() > until || ending.signal.aborted || faults.size === operations.length
  const total = new Map<number, number>()
  for (let seed = Number(values.seed); !over(); seed++) {
    console.log(`seed ${seed}`)
    for (const operation of operations) {
      // One fault is told once; the others go on.
      if (faults.has(operation.id) || over()) continue
      try {
        const tally = await fuzz(target, operation, { seed, runs: Number(values.runs) })
        for (const [status, times] of tally) total.set(status, (total.get(status) ?? 0) + times)
      } catch (error) {
        faults.add(operation.id)
        console.log(`\n${error instanceof Error ? error.message : error}\n`)
      }
    }
  }
  const told = [...total].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`)
  console.log(`${operations.length} operations, ${faults.size} with a fault; ${told.join(', ')}`)
  return faults.size
}
