import { resourceTypeOf } from './check-transform.ts'
import type { Inferred } from './infer.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import { type Parameter, parseScript } from './script.ts'
import type { Workspace } from './workspace.ts'

/** What can be called, or started, and what it takes. */
export interface Callee {
  /** How a message calls it. */
  name: string
  takes: Map<string, { required: boolean; type: Inferred }>
}

/** A module that runs a script or a flow: it must exist, and get what it takes. */
export function checkCall(
  workspace: Workspace,
  file: string,
  id: string,
  value: Fields,
  report: Report,
): void {
  const callee =
    value.type === 'rawscript'
      ? inlineScript(workspace, file, value)
      : calleeAt(workspace, value.type === 'flow', textOf(value.path))
  if (typeof callee === 'string') {
    const rule = value.type === 'rawscript' ? 'inline-script' : 'unknown-path'
    report(id, rule, callee)
  } else if (callee) {
    checkArguments(workspace, callee, fieldsOf(value.input_transforms), (name, rule, message) =>
      report(`${id}.${name}`, rule, message),
    )
  }
}

/** A flow's preprocessor: it gets the event, and nothing else. */
export function checkPreprocessor(
  workspace: Workspace,
  file: string,
  value: Fields,
  report: Report,
): void {
  const source = sourceOf(workspace, file, value)
  if (typeof source === 'string') report('preprocessor', 'unknown-path', source)
  if (source === undefined || typeof source === 'string') return
  const { parameters, faults } = parseScript(source.file, source.text, 'preprocessor')
  const [fault] = faults
  if (fault) report('preprocessor', 'preprocessor', `${fault.where} ${fault.message}`.trim())
  else if (parameters?.length !== 1 || parameters[0]?.name !== 'event') {
    const message = 'must export preprocessor(event), with that one parameter: Windmill calls it so'
    report('preprocessor', 'preprocessor', message)
  }
}

function sourceOf({ texts, scripts }: Workspace, flow: string, value: Fields) {
  if (value.type === 'rawscript') return inlineSource(texts, flow, value)
  const path = textOf(value.path)
  const script = scripts.get(path)
  if (!script) return `there is no script ${path}: is it ${closest(path, scripts.keys())}?`
  return { file: script.file, text: texts.get(script.file) ?? '' }
}

/** @param given name → transform */
export function checkArguments(
  workspace: Workspace,
  callee: Callee,
  given: Fields,
  report: Report,
): void {
  for (const [name, { required }] of callee.takes) {
    if (!required || name in given) continue
    report(name, 'missing-argument', `${callee.name} needs it: add it`)
  }
  for (const [name, transform] of Object.entries(given)) {
    const taken = callee.takes.get(name)
    if (!taken) {
      const message = `${callee.name} does not take it: it takes ${names(callee.takes.keys())}`
      report(name, 'unknown-argument', message)
      continue
    }
    const wrong = mismatch(workspace, taken.type, fieldsOf(transform))
    if (wrong) report(name, 'argument-type', `${callee.name} ${wrong}`)
  }
}

/** The script or flow of a path, or why it cannot be run. */
export const calleeAt = (workspace: Workspace, isFlow: boolean, path: string): Callee | string =>
  isFlow ? flowAt(workspace, path) : scriptAt(workspace, path)

function scriptAt({ scripts }: Workspace, path: string): Callee | string {
  const script = scripts.get(path)
  if (!script) return `there is no script ${path}: is it ${closest(path, scripts.keys())}?`
  if (!script.parameters) return `${path} is a shared module without main(): call a script`
  return { name: path, takes: taken(script.parameters) }
}

const taken = (parameters: Parameter[]): Callee['takes'] =>
  new Map(parameters.map(({ name, required, type }) => [name, { required, type }] as const))

/** The script that a flow carries in it; undefined in a language that this lint does not read. */
function inlineScript({ texts }: Workspace, flow: string, value: Fields) {
  const source = inlineSource(texts, flow, value)
  if (source === undefined || typeof source === 'string') return source
  const { parameters, faults } = parseScript(source.file, source.text)
  const [fault] = faults
  if (fault) return [fault.where, fault.message].filter(Boolean).join(' ')
  return parameters
    ? { name: 'main()', takes: taken(parameters) }
    : 'has no main(): export one, for Windmill to run'
}

function inlineSource(texts: Workspace['texts'], flow: string, value: Fields) {
  if (value.language !== 'bun' && value.language !== 'deno') return undefined
  const content = textOf(value.content)
  const named = /^!inline\s+(.+)$/.exec(content)?.[1]
  const file = flow.replace(/[^/]+$/, named ?? 'inline.ts')
  const text = named ? texts.get(file) : content
  return text === undefined ? `there is no ${file}: add it, or correct its name` : { file, text }
}

function flowAt({ flows, documents }: Workspace, path: string): Callee | string {
  const file = flows.get(path)
  if (!file) return `there is no flow ${path}: is it ${closest(path, flows.keys())}?`
  const { properties, required } = fieldsOf(fieldsOf(documents.get(file)).schema)
  const takes = Object.entries(fieldsOf(properties)).map(([name, property]) => {
    const { type, format } = fieldsOf(property)
    const inferred = { type: textOf(type) || undefined, format: textOf(format) }
    return [name, { required: listOf(required).includes(name), type: inferred }] as const
  })
  return { name: path, takes: new Map(takes) }
}

/** Why a fixed value does not fit a parameter; undefined when it does, or nobody can tell. */
function mismatch(workspace: Workspace, { type, format }: Inferred, transform: Fields) {
  if (transform.type !== 'static') return undefined
  const { value } = transform
  const wanted = /^resource-(.*)$/.exec(format ?? '')?.[1]
  const resource = resourceTypeOf(workspace, transform)
  if (wanted && resource !== undefined && wanted !== resource) {
    return `takes a resource of the type ${wanted}, and this one is a ${resource}: name another`
  }
  if (type === undefined || value == null || /^\$(res|var):/.test(textOf(value))) return undefined
  const actual = Array.isArray(value) ? 'array' : typeof value
  const fits = actual === type || (type === 'integer' && Number.isInteger(value))
  return fits ? undefined : `takes a ${type}, and this is a ${actual}: correct the value`
}

/** The known path that shares the longest end with a wrong one: folders are what is mistaken. */
function closest(path: string, known: Iterable<string>): string {
  const shared = (other: string) => {
    let length = 0
    while (length < path.length && path.at(-1 - length) === other.at(-1 - length)) length++
    return length
  }
  return [...known].sort((a, b) => shared(b) - shared(a))[0] ?? 'missing altogether'
}
