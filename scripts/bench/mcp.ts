import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Figure, figure, rounded } from './figure.ts'
import { inTurns, median, percentile, timed } from './measure.ts'
import { newPlace } from './place.ts'
import { type Product, root, withProduct } from './product.ts'
import type { Sql, World } from './world.ts'

const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
}
const sizes = { few: 100, many: 10_000 }
/** Changes of each size per round: one alone is too short to be told from noise. */
const changes = 20

/**
 * MCP as agents meet it: until the bridge over stdio has answered `initialize`, against a node that
 * does nothing; and the change of a task in a large sprint against one in a small sprint.
 */
export async function measureMcp(world: World): Promise<Figure[]> {
  const [few, many] = [await sprintOf(world.sql, sizes.few), await sprintOf(world.sql, sizes.many)]
  return withProduct(world, async (product) => {
    const starts = await inTurns(
      { rounds: 9, warmUp: 2 },
      () => timed(() => answered(product, world.signal)),
      () => timed(bareNode),
    )
    const updates = await inTurns(
      { rounds: 9, warmUp: 2 },
      changed(product, many),
      changed(product, few),
    )
    return [
      figure({
        name: 'mcp_initialize',
        value: median(starts.ours),
        baseline: median(starts.bare),
        bound: { ratio: 4 },
        detail: { rounds: starts.ours.length, slowest: rounded(percentile(starts.ours, 100)) },
      }),
      figure({
        name: 'mcp_initialize_slowest',
        value: percentile(starts.ours, 100),
        bound: { value: 500 },
      }),
      figure({
        name: 'mcp_update_of_10k',
        value: median(updates.ours),
        baseline: median(updates.bare),
        bound: { ratio: 1.5 },
        detail: { tasks: sizes.many, baseline_tasks: sizes.few, changes },
      }),
      figure({
        name: 'mcp_update',
        value: Math.max(median(updates.ours), median(updates.bare)),
        bound: { value: 20 },
        detail: { slowest_round: rounded(Math.max(...updates.ours, ...updates.bare)) },
      }),
    ]
  })
}

/** A sprint with so many tasks; answers their codes. */
async function sprintOf(sql: Sql, tasks: number): Promise<string[]> {
  const { projectId, sprintId } = await newPlace(sql)
  const rows = await sql<{ code: string }[]>`
    insert into tasks (project_id, sprint_id, code, title, board_status, story_points)
    select ${projectId}, ${sprintId}, 'MCP-' || ${projectId}::int || '-' || n, 'Task ' || n, 'todo', 3
    from generate_series(1, ${tasks}) n returning code`
  await sql`analyze tasks`
  return rows.map(({ code }) => code)
}

/** The bridge, from its start to its first answer. */
async function answered({ url, token }: Product, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'scripts/bin.mjs'), 'mcp'], {
    env: { ...process.env, DEVGODZILLA_URL: url, DEVGODZILLA_TOKEN: token },
    stdio: ['pipe', 'pipe', 'inherit'],
    signal,
  })
  child.on('error', () => {})
  const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }
  child.stdin.write(`${JSON.stringify(message)}\n`)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  child.stdin.end()
  if (!JSON.parse(String(line)).result) throw new Error(`initialize was refused: ${line}`)
}

async function bareNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
}

/** Changes tasks of a sprint over MCP, one after the other; the time of one (ms). */
function changed({ url, token }: Product, codes: readonly string[]): () => Promise<number> {
  let nth = 0
  return async () => {
    const ms = await timed(async () => {
      for (let more = 0; more < changes; more++) {
        const code = codes[(nth * 37) % codes.length]
        await update(url, token, { task_id: code, title: `Changed ${nth++}` })
      }
    })
    return ms / changes
  }
}

async function update(url: string, token: string, input: object): Promise<void> {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'orchestration_task_update', arguments: input },
    }),
  })
  const text = await response.text()
  const { result } = JSON.parse(text) as { result?: { isError?: boolean } }
  if (!result || result.isError) throw new Error(`the task was not changed: ${text}`)
}
