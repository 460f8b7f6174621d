import { checkStarter } from './check-starter.ts'
import { checkReference } from './check-transform.ts'
import { fieldsOf, isFields, listOf, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import type { Workspace } from './workspace.ts'

/** What concerns the workspace as a whole rather than one flow or script. */
export function checkWorkspace(workspace: Workspace, reportIn: (file: string) => Report): void {
  checkFolders(workspace, reportIn)
  for (const file of workspace.variables.values()) {
    const { is_secret, value } = fieldsOf(workspace.documents.get(file))
    if (is_secret !== true || textOf(value) === '') continue
    reportIn(file)(
      '',
      'secret-in-git',
      'a secret must not have its value here: set it in the workspace',
    )
  }
  for (const file of workspace.resources.values()) checkResource(workspace, file, reportIn(file))
  for (const file of workspace.files) {
    const script = /^(.*)\.script\.(yaml|lock)$/.exec(file)?.[1]
    if (!script || workspace.files.has(`${script}.ts`)) continue
    reportIn(file)(
      '',
      'script-metadata',
      `belongs to a script that is not there: add ${script}.ts, or remove this`,
    )
  }
  for (const file of workspace.documents.keys()) checkStarter(workspace, file, reportIn(file))
}

function checkFolders({ files, documents }: Workspace, reportIn: (file: string) => Report): void {
  const folders = new Set([...files].flatMap((file) => /^f\/[^/]+(?=\/)/.exec(file)?.[0] ?? []))
  for (const folder of folders) {
    const file = `${folder}/folder.meta.yaml`
    if (!files.has(file)) {
      const message = 'is missing: add it, with display_name, owners, extra_perms'
      reportIn(file)('', 'folder-metadata', message)
    }
    const { owners, extra_perms } = fieldsOf(documents.get(file))
    for (const owner of listOf(owners).map(String)) {
      if (fieldsOf(extra_perms)[owner] === true) continue
      const message = `Windmill refuses an owner who may not write: add ${owner}: true`
      reportIn(file)('extra_perms', 'folder-metadata', message)
    }
  }
}

function checkResource(workspace: Workspace, file: string, report: Report): void {
  const { resource_type, value } = fieldsOf(workspace.documents.get(file))
  const name = textOf(resource_type)
  const declared = workspace.documents.get(`${name}.resource-type.yaml`)
  // The others are Windmill's own.
  if (name.startsWith('c_') && declared === undefined) {
    report('', 'unknown-resource-type', `there is no ${name}.resource-type.yaml: add it`)
  }
  const { properties, required } = fieldsOf(fieldsOf(declared).schema)
  for (const field of listOf(required).map(String)) {
    if (!(field in fieldsOf(value))) report(field, 'resource-value', `${name} needs it: add it`)
  }
  if (isFields(properties)) {
    for (const field of Object.keys(fieldsOf(value)).filter((it) => !(it in properties))) {
      report(
        field,
        'resource-value',
        `${name} has no such field: it has ${names(Object.keys(properties))}`,
      )
    }
  }
  for (const [field, content] of Object.entries(fieldsOf(value))) {
    checkReference(workspace, textOf(content), field, report)
  }
}
