#!/usr/bin/env node
/** The command `devgodzilla`: brings what is built up to date where the sources are, and runs it. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`DevGodzilla needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

const { canBuildConsole, ensureBuilt } = await import('./build.mjs')
const run = (/** @type {string} */ file) => import(new URL(`../dist/${file}`, import.meta.url).href)

const asked = process.argv[2]
if (asked === 'mcp' && process.argv.length === 3) {
  // Agents wait for it, and some not for long.
  await ensureBuilt(['mcp'])
  await run('mcp.js')
} else if (!(await byClient())) {
  // Only `start` serves the console; the other commands need not wait for it.
  const servesConsole = asked === 'start' && canBuildConsole()
  await ensureBuilt(servesConsole ? ['cli', 'console'] : ['cli'])
  await run('devgodzilla.js')
}

/** Most commands only speak to the API, and start sooner by themselves. */
async function byClient() {
  if (asked === undefined || asked.startsWith('-') || asked === 'start') return false
  await ensureBuilt(['client'])
  const { runClient } = await run('client.js')
  return runClient()
}
