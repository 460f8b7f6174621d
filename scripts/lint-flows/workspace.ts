import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument as parseYaml } from 'yaml'
import { fieldsOf } from './json.ts'
import type { Installed } from './lock.ts'
import type { Problem } from './problem.ts'
import { parseScript, type Script } from './script.ts'

/** Everything that is synced, read once: path in the workspace → content. */
export interface Workspace {
  /** Every file, relative to the root, with slashes. */
  files: Set<string>
  texts: Map<string, string>
  documents: Map<string, unknown>
  scripts: Map<string, Script>
  flows: Map<string, string>
  resources: Map<string, string>
  variables: Map<string, string>
  /** What npm has installed; undefined where the folder has no package-lock.json. */
  installed: Installed | undefined
  problems: Problem[]
}

export async function readWorkspace(root: string): Promise<Workspace> {
  const workspace: Workspace = {
    files: new Set(await filesBelow(root, 'f')),
    texts: new Map(),
    documents: new Map(),
    scripts: new Map(),
    flows: new Map(),
    resources: new Map(),
    variables: new Map(),
    installed: undefined,
    problems: [],
  }
  for (const name of await readdir(root)) {
    if (name === 'package-lock.json') {
      const lock: unknown = JSON.parse(await readFile(join(root, name), 'utf8'))
      workspace.installed = fieldsOf(fieldsOf(lock).packages)
    }
    if (name.endsWith('.resource-type.yaml') || name === 'wmill-lock.yaml') {
      workspace.files.add(name)
    }
  }
  for (const file of workspace.files) await take(workspace, root, file)
  return workspace
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesBelow(root, path)))
    else found.push(path)
  }
  return found
}

async function take(workspace: Workspace, root: string, file: string): Promise<void> {
  const script = /^(.*)\.ts$/.exec(file)?.[1]
  if (!script && !/\.(yaml|script\.lock)$/.test(file)) return
  const text = await readFile(join(root, file), 'utf8')
  workspace.texts.set(file, text)
  if (script) {
    // What lies in a flow's own folder is an inline script, not one with a path.
    if (!script.includes('__flow/')) workspace.scripts.set(script, parseScript(file, text))
    return
  }
  if (!file.endsWith('.yaml')) return
  workspace.documents.set(file, parseDocument(workspace, file, text))
  const known = [
    [/^(.*)__flow\/flow\.yaml$/, workspace.flows],
    [/^(.*)\.resource\.yaml$/, workspace.resources],
    [/^(.*)\.variable\.yaml$/, workspace.variables],
  ] as const
  for (const [pattern, map] of known) {
    const path = pattern.exec(file)?.[1]
    if (path) map.set(path, file)
  }
}

function parseDocument({ problems }: Workspace, file: string, text: string): unknown {
  const document = parseYaml(text)
  const report = (message: string) => problems.push({ file, where: '', rule: 'yaml', message })
  const [error] = document.errors
  if (error) {
    report(`is not YAML: ${error.message}`)
    return undefined
  }
  // Such as `content: !inline a.ts` without its quotes, which Windmill would read as `a.ts`.
  for (const { message } of document.warnings) report(`${message}: put the value in quotes`)
  return document.toJS()
}
