import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import * as z from 'zod'
import type { Changes } from './changes.ts'
import { extensionFolder } from './place.ts'

export const id = 'devgodzilla'
export const configFile = `${id}-config.yml`
export const source = fileURLToPath(new URL('../../speckit-extension', import.meta.url))

const Hook = z.object({ command: z.string(), optional: z.boolean(), description: z.string() })
const Parsed = z.object({
  extension: z.object({ version: z.string() }),
  hooks: z.record(z.string(), Hook),
})

export interface Manifest {
  text: string
  version: string
  hooks: Record<string, z.infer<typeof Hook>>
}

export async function readManifest(): Promise<Manifest> {
  const text = await readFile(join(source, 'extension.yml'), 'utf8')
  const { extension, hooks } = Parsed.parse(parse(text))
  return { text, version: extension.version, hooks }
}

/** The files of the extension as they are installed: by path within it, with slashes. */
export async function extensionFiles(): Promise<{ path: string; text: string; mode: number }[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.sort().map(async (file) => ({
      path: file
        .slice(source.length + 1)
        .split(sep)
        .join('/'),
      text: await readFile(file, 'utf8'),
      mode: /\.(sh|mjs)$/.test(file) ? 0o755 : 0o644,
    })),
  )
}

/** Whether a project has the files of this version, whatever ends Git gave their lines. */
export async function isCurrent(changes: Changes): Promise<boolean> {
  for (const { path, text } of await extensionFiles()) {
    const found = await changes.read(`${extensionFolder}/${path}`)
    if (found?.replaceAll('\r\n', '\n') !== text) return false
  }
  return true
}
