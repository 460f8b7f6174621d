import { resourceTypeOf } from './check-transform.ts'
import type { Inferred } from './infer.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import type { Workspace } from './workspace.ts'

interface Callee {
  takes: Map<string, { required: boolean; type: Inferred }>
}

/** A module that runs a script or a flow by path: it must exist, and get what it takes. */
export function checkCall(workspace: Workspace, id: string, value: Fields, report: Report): void {
  const path = textOf(value.path)
  const callee = value.type === 'flow' ? flowAt(workspace, path) : scriptAt(workspace, path)
  if (typeof callee === 'string') {
    report(id, 'unknown-path', callee)
    return
  }
  const given = fieldsOf(value.input_transforms)
  for (const [name, { required }] of callee.takes) {
    if (!required || name in given) continue
    report(`${id}.${name}`, 'missing-argument', `${path} needs it: add it to input_transforms`)
  }
  for (const [name, transform] of Object.entries(given)) {
    const taken = callee.takes.get(name)
    if (!taken) {
      const message = `${path} does not take it: it takes ${names(callee.takes.keys())}`
      report(`${id}.${name}`, 'unknown-argument', message)
      continue
    }
    const wrong = mismatch(workspace, taken.type, fieldsOf(transform))
    if (wrong) report(`${id}.${name}`, 'argument-type', `${path} ${wrong}`)
  }
}

function scriptAt({ scripts }: Workspace, path: string): Callee | string {
  const script = scripts.get(path)
  if (!script) return `there is no script ${path}: is it ${closest(path, scripts.keys())}?`
  if (!script.parameters) return `${path} is a shared module without main(): call a script`
  const takes = script.parameters.map(
    ({ name, required, type }) => [name, { required, type }] as const,
  )
  return { takes: new Map(takes) }
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
  return { takes: new Map(takes) }
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
