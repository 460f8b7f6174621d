import { getValidationTargetFromFilename, WindmillYamlValidator } from 'windmill-yaml-validator'
import { checkFlow } from './check-flow.ts'
import { checkLock } from './check-lock.ts'
import { checkScript } from './check-script.ts'
import { checkWorkspace } from './check-workspace.ts'
import type { Problem, Report } from './problem.ts'
import { checkWmillLock, wmillLockFile } from './wmill-lock.ts'
import { readWorkspace, type Workspace } from './workspace.ts'

export interface Lint {
  problems: Problem[]
  flows: number
  scripts: number
}

/** Checks everything below `f/` of a workspace, and what it refers to. */
export async function lintWorkspace(root: string): Promise<Lint> {
  const workspace = await readWorkspace(root)
  const { problems, flows, scripts, documents } = workspace
  const reportIn =
    (file: string): Report =>
    (where, rule, message) =>
      problems.push({ file, where, rule, message })
  validate(workspace)
  for (const [path, script] of scripts) {
    checkScript(script, documents.get(`${path}.script.yaml`), reportIn(script.file))
    if (documents.has(`${path}.script.yaml`)) {
      checkLock(workspace, path, reportIn(`${path}.script.yaml`))
    }
  }
  for (const file of flows.values()) checkFlow(workspace, file, reportIn(file))
  checkWorkspace(workspace, reportIn)
  checkWmillLock(workspace, reportIn(wmillLockFile))
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
  return { problems, flows: flows.size, scripts: scripts.size }
}

/** Windmill's own schemas, for flows, schedules and triggers. */
function validate({ texts, documents, problems }: Workspace): void {
  const validator = new WindmillYamlValidator()
  for (const [file, text] of texts) {
    const target = getValidationTargetFromFilename(file)
    if (!target || documents.get(file) === undefined) continue
    for (const { instancePath, message, keyword, params } of validator.validate(text, target)
      .errors) {
      const detail = keyword === 'additionalProperties' ? ` (${JSON.stringify(params)})` : ''
      problems.push({ file, where: instancePath, rule: 'schema', message: `${message}${detail}` })
    }
  }
}
