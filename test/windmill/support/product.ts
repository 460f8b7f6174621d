import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NewScript, OpenFlowWPath } from 'windmill-client'
import { parse } from 'yaml'
import type { Workspace } from './workspace.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Adds a copy of the product's scripts and flows, with every path in it led to this folder. */
export async function addProduct(items: Workspace): Promise<void> {
  const folder = join(ROOT, 'f/devgodzilla')
  const lead = (text: string) => text.replaceAll('f/devgodzilla/', `f/${items.folder}/`)
  const text = async (path: string) => lead(await readFile(join(ROOT, path), 'utf8'))
  const entries = await readdir(folder, { recursive: true })
  for (const entry of entries.sort()) {
    const file = relative(ROOT, join(folder, entry))
    const path = lead(file).replace(/(\.script\.yaml|__flow\/flow\.yaml)$/, '')
    if (file.endsWith('.script.yaml')) {
      const { lock: _, ...metadata } = parse(await text(file)) as NewScript
      const source = file.slice(0, -'.script.yaml'.length)
      const content = await text(`${source}.ts`)
      const lock = await text(`${source}.script.lock`)
      items.scripts.push({ ...metadata, path, content, lock, language: 'bun' })
    } else if (file.endsWith('flow.yaml')) {
      items.flows.push({ ...(parse(await text(file)) as OpenFlowWPath), path })
    }
  }
}
