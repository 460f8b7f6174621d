import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { Workspace } from './workspace.ts'

/** Writes scripts, flows, schedules and triggers as `wmill sync` would lay them out. */
export async function writeWorkspace(root: string, items: Workspace): Promise<void> {
  const write = async (path: string, content: string) => {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  await write(
    `f/${items.folder}/folder.meta.yaml`,
    stringify({ summary: '', display_name: items.folder, owners: [], extra_perms: {} }),
  )
  for (const { path, content, lock, language: _, ...metadata } of items.scripts) {
    await write(`${path}.ts`, content)
    if (lock) await write(`${path}.script.lock`, lock)
    const inline = lock ? { lock: `!inline ${path}.script.lock` } : {}
    await write(`${path}.script.yaml`, stringify({ ...metadata, ...inline }))
  }
  for (const { path, ...flow } of items.flows) {
    await write(`${path}__flow/flow.yaml`, stringify(flow))
  }
  for (const { path, ...schedule } of items.schedules) {
    await write(`${path}.schedule.yaml`, stringify(schedule))
  }
  for (const { path, ...trigger } of items.triggers) {
    await write(`${path}.http_trigger.yaml`, stringify(trigger))
  }
}
