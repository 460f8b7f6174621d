import { fieldsOf, textOf } from './json.ts'
import { lockOf, remedy } from './lock.ts'
import type { Report } from './problem.ts'
import type { Workspace } from './workspace.ts'

/** Without its lock, a script gets whatever is newest on the day that Windmill first sees it. */
export function checkLock(workspace: Workspace, path: string, report: Report): void {
  const { documents, texts, scripts, installed } = workspace
  const file = `${path}.script.lock`
  const lock = textOf(fieldsOf(documents.get(`${path}.script.yaml`)).lock)
  if (lock !== `!inline ${file}`) {
    report('lock', 'script-lock', `must be '!inline ${file}': ${remedy}`)
    return
  }
  const text = texts.get(file)
  if (text === undefined) report('lock', 'script-lock', `there is no ${file}: ${remedy}`)
  if (text === undefined || !installed) return
  try {
    if (text === lockOf(path, scripts, installed)) return
    report('lock', 'script-lock', `${file} is not what package-lock.json has: ${remedy}`)
  } catch (error) {
    report('lock', 'script-lock', error instanceof Error ? error.message : String(error))
  }
}
