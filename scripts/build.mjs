#!/usr/bin/env node
/**
 * Builds what `npm start` runs, into `dist/`: the CLI with everything it imports as one file, which
 * starts twice as fast as the packages one by one; those of its commands that only speak to the API
 * once more, and the bridge for MCP, each as a small file that starts at once; and the console. What is up to date is left
 * alone. Plain JavaScript, since it has to run before anything is built.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DIST = join(ROOT, 'dist')

/**
 * `make` answers the files that its result was made of, besides `sources`.
 *
 * @typedef {{ name: string, entry: string, output: string, sources: string[], make: (out: string) => Promise<string[]> }} Target
 * @typedef {'cli' | 'client' | 'mcp' | 'console'} TargetName
 */

/** What changes every bundle; the files that are in it are known from making it. */
const common = ['scripts/build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json']

/** @type {Record<TargetName, Target>} */
const TARGETS = {
  cli: {
    name: 'the CLI',
    entry: 'scripts/devgodzilla.ts',
    output: 'devgodzilla.js',
    sources: common,
    make: bundle('scripts/devgodzilla.ts'),
  },
  client: {
    name: 'the client',
    entry: 'scripts/client.ts',
    output: 'client.js',
    sources: common,
    make: bundle('scripts/client.ts'),
  },
  mcp: {
    name: 'the MCP bridge',
    entry: 'scripts/mcp/main.ts',
    output: 'mcp.js',
    sources: common,
    make: bundle('scripts/mcp/main.ts'),
  },
  console: {
    name: 'the console',
    entry: 'console/index.html',
    output: 'console',
    // The console takes types alone from elsewhere, which leave no trace in what is built.
    sources: ['console', 'package.json', 'package-lock.json', 'scripts/build.mjs'],
    make: buildConsole,
  },
}

/**
 * Builds the targets that are stale. Several processes may do so at once: each builds on the side
 * and puts its result in place with a rename.
 *
 * @param {TargetName[]} names
 * @param {{ force?: boolean, log?: (message: string) => void }} [options]
 */
export async function ensureBuilt(names, { force = false, log = console.error } = {}) {
  for (const name of names) {
    const target = TARGETS[name]
    if (!existsSync(join(ROOT, target.entry))) {
      if (!existsSync(join(DIST, target.output))) {
        log(`Not building ${target.name}: there is no ${target.entry}.`)
      }
      continue
    }
    if (!force && isCurrent(target, name)) continue
    const started = Date.now()
    await replace(target, name)
    log(`Built ${target.name} in ${Date.now() - started} ms.`)
  }
}

/** A stamp is a fingerprint, and below it what it is the fingerprint of. */
function isCurrent(/** @type {Target} */ target, /** @type {string} */ name) {
  const stamp = join(DIST, `${name}.stamp`)
  if (!existsSync(join(DIST, target.output)) || !existsSync(stamp)) return false
  const [fingerprint, ...sources] = readFileSync(stamp, 'utf8').split('\n')
  return fingerprint === fingerprintOf(sources)
}

/** Path, size and time of every source: cheap, and different whenever one was written. */
function fingerprintOf(/** @type {string[]} */ sources) {
  const hash = createHash('sha256').update(process.version)
  const visit = (/** @type {string} */ path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory()) {
      for (const entry of readdirSync(path).sort()) {
        if (entry !== 'node_modules') visit(join(path, entry))
      }
    } else if (found) {
      hash.update(`${relative(ROOT, path)}\0${found.size}\0${found.mtimeMs}\n`)
    }
  }
  for (const source of sources) visit(join(ROOT, source))
  return hash.digest('hex')
}

/** When the youngest of these files was written (ms). */
const newestOf = (/** @type {string[]} */ sources) =>
  Math.max(
    ...sources.map((it) => statSync(join(ROOT, it), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  )

/** @param {Target} target @param {string} name */
async function replace(target, name) {
  await sweep()
  const work = join(DIST, `.build-${process.pid}-${name}`)
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true })
  try {
    // What is written while it is being read is read again the next time.
    const before = Date.now()
    const sources = [...target.sources, ...(await target.make(join(work, target.output)))]
    const fingerprint = newestOf(sources) < before ? fingerprintOf(sources) : 'changed meanwhile'
    for (const made of readdirSync(work)) await putInPlace(join(work, made), join(DIST, made), work)
    // Last, so that a build that is cut short is made again.
    await writeFile(join(work, 'stamp'), [fingerprint, ...sources].join('\n'))
    await rename(join(work, 'stamp'), join(DIST, `${name}.stamp`))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A file replaces a file at once; of a folder the old one has to make way first. */
async function putInPlace(
  /** @type {string} */ made,
  /** @type {string} */ destination,
  /** @type {string} */ work,
) {
  if (!statSync(made).isDirectory()) return rename(made, destination)
  for (let attempt = 1; ; attempt += 1) {
    await rename(destination, join(work, `old-${attempt}`)).catch(unlessCode('ENOENT'))
    try {
      return await rename(made, destination)
    } catch (error) {
      // Another build was faster; ours is as good.
      if (attempt === 10) throw error
      unlessCode('ENOTEMPTY', 'EEXIST')(error)
    }
  }
}

/** Removes what builds that were killed have left. */
async function sweep() {
  if (!existsSync(DIST)) return
  for (const entry of readdirSync(DIST)) {
    const pid = Number(/^\.build-(\d+)-/.exec(entry)?.[1])
    if (pid && !isAlive(pid)) await rm(join(DIST, entry), { recursive: true, force: true })
  }
}

/** Makes one file of a program and all it imports. */
function bundle(/** @type {string} */ entry) {
  return async (/** @type {string} */ outfile) => {
    const { build } = await import('esbuild')
    const { metafile } = await build({
      entryPoints: [join(ROOT, entry)],
      outfile,
      absWorkingDir: ROOT,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      metafile: true,
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'warning',
      // These look for files of their own beside themselves.
      external: ['esbuild', 'quickjs-emscripten', 'swagger-ui-dist', 'vite', 'windmill-client'],
      banner: {
        // For the packages in the bundle that still call require().
        js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
      },
      plugins: [keepOwnAddress],
    })
    // Packages change with the lock file.
    return Object.keys(metafile.inputs).filter((it) => !it.includes('node_modules/'))
  }
}

/**
 * `import.meta.url` stays the address of the source it is written in, as if nothing were bundled,
 * so that a module finds the files beside it whether it runs from here or from `dist/`.
 *
 * @type {import('esbuild').Plugin}
 */
const keepOwnAddress = {
  name: 'keep-own-address',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined
      const contents = await readFile(path, 'utf8')
      const address = `new URL(${JSON.stringify(`../${relative(ROOT, path)}`)}, import.meta.url).href`
      return { contents: contents.replaceAll('import.meta.url', `(${address})`), loader: 'ts' }
    })
  },
}

/** @param {string} outDir */
async function buildConsole(outDir) {
  const { build } = await import('vite')
  const { NODE_ENV } = process.env
  // Whoever asks for it: a test run would get React's slow, talkative half.
  process.env.NODE_ENV = 'production'
  try {
    await build({
      root: join(ROOT, 'console'),
      base: '/console/',
      logLevel: 'warn',
      build: { outDir, emptyOutDir: true },
    })
    return []
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(/** @type {unknown} */ error) {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function unlessCode(/** @type {string[]} */ ...codes) {
  return (/** @type {unknown} */ error) => {
    if (!codes.includes(codeOf(error))) throw error
  }
}

/** Whether the console can be built: its tools are for development, and may be left out. */
export function canBuildConsole() {
  try {
    createRequire(import.meta.url).resolve('vite')
    return true
  } catch (error) {
    unlessCode('MODULE_NOT_FOUND')(error)
    return false
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const force = process.argv.includes('--force')
  /** @type {TargetName[]} */
  const names = ['cli', 'client', 'mcp']
  if (canBuildConsole()) names.push('console')
  await ensureBuilt(names, { force, log: console.log })
}
