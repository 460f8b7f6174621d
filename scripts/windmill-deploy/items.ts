import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { DeployError } from './deploy-error.ts'

export type Fields = Record<string, unknown>

/** What Windmill keeps under one path, as the files here say it is. */
export interface Item {
  kind: Kind
  /** Its path in the workspace; of a resource type, its name. */
  path: string
  /** Relative to the root, with slashes. */
  files: string[]
  /** As Windmill answers it: contents and locks in place of `!inline`. */
  fields: Fields
}

const kinds = {
  folder: /^(f\/[^/]+)\/folder\.meta\.yaml$/,
  'resource type': /^([^/]+)\.resource-type\.yaml$/,
  variable: /^(.+)\.variable\.yaml$/,
  resource: /^(.+)\.resource\.yaml$/,
  script: /^(.+)\.script\.yaml$/,
  flow: /^(.+)__flow\/flow\.yaml$/,
  schedule: /^(.+)\.schedule\.yaml$/,
  'http trigger': /^(.+)\.http_trigger\.yaml$/,
}
export type Kind = keyof typeof kinds

/** Everything that is deployed from below `root`, in the order in which it is needed. */
export async function readItems(root: string): Promise<Item[]> {
  const all = await filesOf(root)
  const items: Item[] = []
  const taken = new Set<string>()
  for (const [kind, pattern] of Object.entries(kinds) as [Kind, RegExp][]) {
    for (const file of all) {
      const path = pattern.exec(file)?.[1]
      if (path === undefined) continue
      const files = all.filter((it) => belongsTo(kind, path, file, it))
      for (const it of files) taken.add(it)
      items.push({ kind, path, files, fields: await fieldsOf(root, kind, path, file) })
    }
  }
  const unknown = all.filter((file) => !taken.has(file))
  if (unknown.length > 0) {
    throw new DeployError(
      `${unknown.join(', ')} is nothing that can be deployed: move it out of f/, or add its metadata.`,
    )
  }
  return items
}

async function filesOf(root: string): Promise<string[]> {
  const below = await readdir(join(root, 'f'), { recursive: true, withFileTypes: true })
  const files = below
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length))
  const types = (await readdir(root)).filter((name) => name.endsWith('.resource-type.yaml'))
  return [...types, ...files.map((file) => file.replaceAll('\\', '/'))].sort()
}

function belongsTo(kind: Kind, path: string, file: string, other: string): boolean {
  if (kind === 'flow') return other.startsWith(`${path}__flow/`)
  if (kind === 'script') {
    return other === file || other === `${path}.ts` || other === `${path}.script.lock`
  }
  return other === file
}

async function fieldsOf(root: string, kind: Kind, path: string, file: string): Promise<Fields> {
  const read = (name: string) => readFile(join(root, name), 'utf8')
  const document = parse(await read(file)) as Fields
  const near = kind === 'flow' ? `${path}__flow/` : ''
  const fields = (await inlined(document, (name) => read(`${near}${name}`))) as Fields
  return kind === 'script' ? { content: await read(`${path}.ts`), ...fields } : fields
}

/** Puts the content of a file where the document names it. */
async function inlined(value: unknown, read: (name: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') {
    return value.startsWith('!inline ') ? read(value.slice('!inline '.length)) : value
  }
  if (Array.isArray(value)) return Promise.all(value.map((it) => inlined(it, read)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, it]) => [key, await inlined(it, read)])
  return Object.fromEntries(await Promise.all(entries))
}
