import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
// Its words are for people: the figures alone go to the output.
spawnSync(process.execPath, [`${root}scripts/build.mjs`], {
  stdio: ['ignore', process.stderr, 'inherit'],
})
/**
 * Runs the measurements as users run the product: bundled, by plain node. A loader that compiles
 * on the way would be measured as well.
 */
const bundle = (name: string) => `${root}dist/bench-${process.pid}-${name}.js`
const programs = ['run', 'servers/api', 'servers/bare-task']
await build({
  entryPoints: programs.map((name) => `${root}scripts/bench/${name}.ts`),
  outdir: `${root}dist`,
  entryNames: `bench-${process.pid}-[name]`,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
})
try {
  const child = spawn(process.execPath, [bundle('run'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  // The measurements clean up; this one waits for them.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [status, signal] = await once(child, 'exit')
  process.exitCode = status ?? 128 + constants.signals[signal as NodeJS.Signals]
} finally {
  for (const name of programs) await rm(bundle(basename(name)), { force: true })
}
