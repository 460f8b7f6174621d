import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { type Fields, fieldsOf, textOf } from './json.ts'
import type { Script } from './script.ts'

/** What npm has installed: `node_modules/…` → its entry in package-lock.json. */
export type Installed = Fields

/** How a lock that is missing or out of date is made new. */
export const remedy = 'run npm run locks'

/**
 * The lock with which a Windmill worker installs what a bun script imports, itself or by the
 * scripts that it imports: package.json, a marker, bun.lock. The versions are those that are
 * installed here, so that a flow runs there with what it was tested with.
 * @throws Error when bun could not be told what npm has installed
 */
export function lockOf(path: string, scripts: Map<string, Script>, installed: Installed): string {
  const names = [...packagesOf(path, scripts)].sort()
  const versions = names.map((name) => [name, textOf(find(name, '', installed).version)] as const)
  const dependencies = Object.fromEntries(versions)
  const manifest = JSON.stringify({ dependencies }, null, 2)
  // Windmill looks for this very word where there is nothing to install.
  const lock = names.length > 0 ? bunLock(dependencies, installed) : '<empty>'
  return `${manifest}\n//bun.lock\n${lock}`
}

/** Names of the npm packages that a script needs to run. */
function packagesOf(path: string, scripts: Map<string, Script>, seen = new Set<string>()) {
  const packages = new Set<string>()
  if (seen.has(path)) return packages
  seen.add(path)
  for (const source of scripts.get(path)?.imports ?? []) {
    if (/^[./]/.test(source)) {
      const imported = posix.join(source.startsWith('/') ? '/' : posix.dirname(path), source)
      const script = imported.replace(/^\//, '').replace(/\.ts$/, '')
      for (const name of packagesOf(script, scripts, seen)) packages.add(name)
    } else if (!isBuiltin(source)) {
      packages.add(/^(@[^/]+\/)?[^/@]+/.exec(source)?.[0] ?? source)
    }
  }
  return packages
}

function bunLock(dependencies: { [name: string]: string }, installed: Installed): string {
  const entries = new Map<string, string>()
  const queue = Object.keys(dependencies).map((name) => ({ name, parent: '' }))
  for (const { name, parent } of queue) {
    const found = find(name, parent, installed)
    const key = found.at.replace(/^node_modules\//, '').replaceAll('/node_modules/', '/')
    if (entries.has(key)) continue
    const [needs, id] = [found.dependencies, `${name}@${textOf(found.version)}`]
    const detail = inLine(needs === undefined ? {} : { dependencies: needs })
    entries.set(key, `"${key}": ["${id}", "", ${detail}, "${textOf(found.integrity)}"],`)
    queue.push(...Object.keys(fieldsOf(needs)).map((it) => ({ name: it, parent: found.at })))
  }
  const packages = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  const wanted = Object.entries(dependencies).map((it) => `        "${it.join('": "')}",\n`)
  return `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "dependencies": {
${wanted.join('')}      },
    },
  },
  "packages": {
    ${packages.join('\n\n    ')}
  }
}
`
}

/** The installed package that an import in the folder `parent` finds. */
function find(name: string, parent: string, installed: Installed): Fields & { at: string } {
  for (
    let folder = parent;
    ;
    folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')
  ) {
    const at = `${folder ? `${folder}/` : ''}node_modules/${name}`
    if (at in installed) return { ...plain(fieldsOf(installed[at]), name), at }
    if (!folder) throw new Error(`needs ${name}, which package-lock.json does not have: install it`)
  }
}

/** Refuses what bun.lock tells in words that are not written here. */
function plain(entry: Fields, name: string): Fields {
  const beyond = ['optionalDependencies', 'peerDependencies', 'os', 'cpu', 'bin', 'link']
  const found = beyond.find((key) => key in entry)
  if (found) throw new Error(`needs ${name}, whose ${found} this lock cannot tell: use another`)
  return entry
}

const inLine = (value: unknown) => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
