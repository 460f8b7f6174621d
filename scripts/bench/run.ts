import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { measureAgents } from './agents.ts'
import { measureBoard } from './board.ts'
import { measureBurndown } from './burndown.ts'
import { measureConsole } from './console.ts'
import { measureEngineStep } from './engine-step.ts'
import { type Figure, rounded } from './figure.ts'
import { measureForecast } from './forecast.ts'
import { measureHandlers } from './handlers.ts'
import { measureImport } from './import.ts'
import { measureMcp } from './mcp.ts'
import { measureReadTask } from './read-task.ts'
import { measureReads } from './reads.ts'
import { measureRooms } from './rooms.ts'
import { measureStart } from './start.ts'
import { measureStepToSocket } from './step-to-socket.ts'
import { measureVelocity } from './velocity.ts'
import { openWorld, type World } from './world.ts'

const measurements: Record<string, { about: string; run(world: World): Promise<Figure[]> }> = {
  import: { about: 'a tasks.md of 1,000 and of 10,000 tasks', run: measureImport },
  velocity: { about: 'of sprints among a million tasks', run: measureVelocity },
  burndown: { about: 'of a sprint of 90 days and 5,000 events', run: measureBurndown },
  forecast: { about: '10,000 runs over 90 days of history', run: measureForecast },
  reads: { about: 'lists and questions among a million tasks and events', run: measureReads },
  'read-task': { about: 'one task over HTTP, and what each layer takes', run: measureReadTask },
  socket: { about: 'step completed over HTTP, seen on a WebSocket', run: measureStepToSocket },
  rooms: { about: '50 events a second, seen by 200 WebSockets', run: measureRooms },
  handlers: { about: '1,000 step events a second, handled', run: measureHandlers },
  engine: { about: 'what the local engine adds to a flow step', run: measureEngineStep },
  board: { about: 'cards of a sprint, and moving one', run: measureBoard },
  console: { about: 'the board of 1,000 and of 5,000 cards in a browser', run: measureConsole },
  agents: {
    about: 'an init in a sprint of 1,000 tasks, and 100 agents that take them',
    run: measureAgents,
  },
  mcp: {
    about: 'initialize over stdio, and changing a task of 100 and of 10,000',
    run: measureMcp,
  },
  start: { about: 'npm start until it is ready', run: measureStart },
}

const usage = `Usage: npm run bench -- [--only NAME]… [--json]

Measures what users wait for, on a database of its own with the settings users get, and prints a
JSON line per figure: its value, the same done bare in the same run, their ratio, and the bound.
Ends with 0 whether or not the bounds are met; which are missed it says.

  --only NAME  measure this alone; may be given again
  --json       the lines alone, nothing else

${Object.entries(measurements)
  .map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`)
  .join('\n')}
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
} else {
  const names = values.only ?? Object.keys(measurements)
  const unknown = names.filter((name) => !measurements[name])
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(', ')}.\n\n${usage}`)
    process.exit(2)
  }
  await measureAll(names, values.json ? () => {} : (message) => console.error(message))
}

async function measureAll(names: readonly string[], say: (message: string) => void) {
  const interruption = new AbortController()
  const world = await openWorld(say, interruption.signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interruption.abort()
      void world.close().finally(() => process.exit(130))
    })
  }
  const missed: Figure[] = []
  try {
    for (const name of names) {
      const began = performance.now()
      const figures = (await measurements[name]?.run(world)) ?? []
      // The load tells how much else went on meanwhile.
      const load = rounded(loadavg()[0] ?? 0)
      for (const figure of figures) console.log(JSON.stringify({ ...figure, load }))
      missed.push(...figures.filter((figure) => figure.ok === false))
      say(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
    }
  } catch (error) {
    // What fails once the world is being closed fails for that reason.
    if (!interruption.signal.aborted) throw error
  } finally {
    await world.close()
  }
  say(missed.length === 0 ? 'Every bound is met.' : `Missed: ${missed.map(told).join('; ')}`)
}

function told({ name, value, unit, ratio, bound }: Figure): string {
  return `${name} (${value} ${unit}, ratio ${ratio}; bound ${JSON.stringify(bound)})`
}
