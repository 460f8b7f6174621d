import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { rounded } from '../figure.ts'
import { median, timed } from '../measure.ts'
import { withProduct } from '../product.ts'
import { openWorld } from '../world.ts'
import { backlog } from './backlog.ts'
import { installPeers } from './install.ts'
import { McpServer } from './mcp-server.ts'
import { ours } from './ours.ts'
import type { Rival, Run } from './rival.ts'
import { taskMaster } from './task-master.ts'

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const usage = `Usage: npm run bench:peers -- [--tasks N] [--rounds N] [--only NAME]…

Measures what an agent and a person wait for, against task-master-ai and backlog.md with as many
tasks, on this machine and in turns, and prints a JSON line per figure: the median of each in ms, the
ratio to a bare start of node, and whether this product is ahead.

  --only NAME  measure this alone (mcp_start, mcp_list, mcp_update, cli_list, cli_update)
`
if (values.help) console.log(usage)
else await compare(Number(values.tasks), Number(values.rounds))

async function compare(tasks: number, rounds: number): Promise<void> {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 2, 'inherit'] })
  const { folder, versions } = await installPeers()
  const interruption = new AbortController()
  const world = await openWorld(console.error, interruption.signal)
  try {
    await withProduct(world, async (product) => {
      const rivals = [
        await ours(product, tasks),
        await taskMaster(folder, await world.folder('tm'), versions['task-master-ai'], tasks),
        await backlog(folder, await world.folder('backlog'), versions['backlog.md'], tasks),
      ]
      await measureAll(rivals, tasks, rounds)
    })
  } finally {
    await world.close()
  }
}

async function measureAll(rivals: readonly Rival[], tasks: number, rounds: number): Promise<void> {
  const servers = rivals.map((rival) => new McpServer(rival.server))
  const node = { args: [process.execPath, '-e', '0'], cwd: process.cwd() }
  const measures: Record<string, (rival: Rival, at: number, round: number) => Promise<unknown>> = {
    mcp_start: (rival) => started(rival.server),
    mcp_list: (rival, at) => server(at).call(rival.listTool),
    mcp_update: (rival, at, round) => server(at).call(rival.updateTool(round)),
    cli_list: (rival) => ran(rival.list),
    cli_update: (rival, _, round) => ran(rival.update(round)),
  }
  const server = (at: number) => servers[at] as McpServer
  try {
    await Promise.all(servers.map((it) => it.initialize()))
    for (const [name, measure] of Object.entries(measures)) {
      if (values.only && !values.only.includes(name)) continue
      const times = rivals.map((): number[] => [])
      const bare: number[] = []
      // The first round warms up. In turns: what slows the machine down meets all of them.
      for (let round = 0; round <= rounds; round++) {
        for (const [at, rival] of rivals.entries()) {
          const ms = await timed(() => measure(rival, at, round))
          if (round > 0) times[at]?.push(ms)
        }
        if (round > 0) bare.push(await timed(() => ran(node)))
      }
      tell(name, tasks, rivals, times, median(bare))
    }
  } finally {
    await Promise.all(servers.map((it) => it.close()))
  }
}

function tell(
  name: string,
  tasks: number,
  rivals: readonly Rival[],
  times: readonly number[][],
  node: number,
): void {
  const figures = rivals.map((rival, at) => {
    const ms = median(times[at] ?? [])
    return { tool: rival.name, version: rival.version, ms: rounded(ms), ratio: rounded(ms / node) }
  })
  const [mine, ...others] = figures
  const ahead = others.every((it) => mine !== undefined && mine.ms < it.ms)
  console.log(JSON.stringify({ name, tasks, node_ms: rounded(node), ahead, figures }))
}

async function started(run: Run): Promise<void> {
  const server = new McpServer(run)
  try {
    await server.initialize()
  } finally {
    await server.close()
  }
}

/** Runs a program to its end; what it prints is read, as a terminal would. @throws where it fails */
async function ran({ args: [program = '', ...args], cwd, env }: Run): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${status}: ${said}`)
}
