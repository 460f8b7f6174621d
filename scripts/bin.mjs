#!/usr/bin/env node
/** The command `devgodzilla`: brings what is built up to date where the sources are, and runs it. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`DevGodzilla needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

const { canBuildConsole, ensureBuilt } = await import('./build.mjs')
// Only `start` serves the console; the other commands need not wait for it.
const servesConsole = process.argv[2] === 'start' && canBuildConsole()
await ensureBuilt(servesConsole ? ['cli', 'console'] : ['cli'])
await import(new URL('../dist/devgodzilla.js', import.meta.url).href)
