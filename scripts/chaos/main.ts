import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runChaos } from './run.ts'

const usage = `Usage: npm run chaos -- [--kills N] [--seed N] [--json] [--keep]

Kills the whole product with -9 at random moments of the main job, starts it again, and in the end
looks whether everything that was acknowledged is there, once. Ends with 1 where it is not.

  --kills N  how often (200)
  --seed N   of the random numbers; printed, so that a run can be repeated
  --json     print the summary as one JSON line, and nothing else
  --keep     leave the folder with data and repositories behind
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const kills = number('kills', values.kills)
  const seed = number('seed', values.seed ?? String(Date.now() % 2 ** 31))
  process.exitCode = await main(kills, seed)
}

async function main(kills: number, seed: number): Promise<number> {
  // What is built must be what is here: the command builds itself when it is stale.
  const command = fileURLToPath(new URL('../bin.mjs', import.meta.url))
  const built = spawnSync(process.execPath, [command, '--help'], { stdio: 'pipe' })
  if (built.status !== 0) throw new Error(`the product does not build: ${built.stderr}`)

  const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-chaos-'))
  const say = values.json ? () => {} : (message: string) => console.error(message)
  say(`${kills} kills, seed ${seed}, in ${folder}`)
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('Ending after this kill; a second signal ends at once.')
      ending.abort()
    })
  }
  let failed = true
  try {
    const { problems, ...figures } = await runChaos({
      ...{ kills, seed, folder, say, signal: ending.signal },
    })
    failed = problems.length > 0
    console.log(JSON.stringify({ ...figures, problems }, null, values.json ? undefined : 2))
    say(
      failed
        ? `${problems.length} problems after ${figures.kills} kills.`
        : `Nothing lost, nothing doubled: ${figures.kills} kills, ${figures.stories} stories.`,
    )
    return failed ? 1 : 0
  } finally {
    if (values.keep || failed) say(`Left for a look: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

function number(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    console.error(`--${name} must be a whole number.\n\n${usage}`)
    process.exit(2)
  }
  return Number(text)
}
