import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOMS } from './floors.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Every TypeScript file of the product, fixtures excepted. */
export async function readSources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>()
  for (const top of new Set(ROOMS.map(({ path }) => path.split('/')[0] ?? path))) {
    for (const path of await filesBelow(top)) {
      sources.set(path, await readFile(join(ROOT, path), 'utf8'))
    }
  }
  return sources
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(join(ROOT, folder))) return []
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .filter((path) => !path.startsWith('test/fixtures/') && !path.includes('/node_modules/'))
}
