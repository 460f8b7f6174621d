#!/usr/bin/env node
/** Everything that can be said about the sources without running them, in seconds. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

const CHECKS = [
  { name: 'types', command: ['tsc', '--noEmit', '--pretty'] },
  { name: 'console types', command: ['tsc', '--noEmit', '--pretty', '--project', 'console'] },
  { name: 'lint', command: ['biome', 'check', '.'] },
  {
    name: 'architecture',
    command: ['vitest', 'run', '--config', 'test/support/check.config.ts'],
  },
  { name: 'flows', command: ['tsx', 'scripts/lint-flows.ts'], needs: 'scripts/lint-flows.ts' },
].filter(({ needs }) => !needs || existsSync(join(ROOT, needs)))

/** @param {{ name: string, command: string[] }} check */
async function run({ name, command: [tool = '', ...args] }) {
  const started = Date.now()
  const child = spawn(join(ROOT, 'node_modules', '.bin', tool), args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const passed = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(false)
    })
    child.once('close', (status) => resolve(status === 0))
  })
  return { name, passed, output, seconds: (Date.now() - started) / 1000 }
}

const results = await Promise.all(CHECKS.map(run))
for (const { name, passed, output } of results) {
  if (!passed) console.log(`--- ${name}\n${output.trim()}\n`)
}
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
