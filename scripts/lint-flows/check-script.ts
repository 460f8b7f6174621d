import type { Inferred } from './infer.ts'
import { equal, fieldsOf, isFields, listOf, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import type { Parameter, Script } from './script.ts'

/** Holds the metadata of a script against its code: the form must be that of `main`. */
export function checkScript(script: Script, metadata: unknown, report: Report): void {
  for (const { where, message } of script.faults) report(where, 'script-signature', message)
  if (metadata === undefined) {
    const message = `has no ${script.file.replace(/\.ts$/, '.script.yaml')}: add it, with summary, kind and schema`
    report('', 'script-metadata', message)
    return
  }
  const { schema, kind } = fieldsOf(metadata)
  if (kind !== 'script') report('', 'script-metadata', 'kind must be script')
  if (!isFields(schema)) {
    report('', 'script-metadata', 'has no schema')
    return
  }
  const properties = fieldsOf(schema.properties)
  const parameters = script.parameters ?? []
  for (const parameter of parameters) {
    const property = properties[parameter.name]
    if (!isFields(property)) {
      report(parameter.name, 'script-schema', 'main() takes it, and the schema lacks it: add it')
    } else compare(parameter, property, listOf(schema.required), report)
  }
  const taken = parameters.map(({ name }) => name)
  for (const name of Object.keys(properties)) {
    if (taken.includes(name)) continue
    const message = `the schema has it, and main() does not take it: it takes ${names(taken)}`
    report(name, 'script-schema', message)
  }
  if (schema.order !== undefined && !equal(schema.order, taken)) {
    const message = `order must be that of main(): ${names(taken)}`
    if (taken.length > 0 || listOf(schema.order).length > 0) report('', 'script-schema', message)
  }
  for (const name of listOf(schema.required).map(String)) {
    if (name in properties) continue
    report(name, 'script-schema', 'is required and not a property: remove it or declare it')
  }
}

function compare(
  parameter: Parameter,
  property: Record<string, unknown>,
  required: unknown[],
  report: Report,
): void {
  const differ = (what: string, main: unknown, schema: unknown) =>
    report(
      parameter.name,
      'script-schema',
      `${what} is ${JSON.stringify(main)} in main() and ${JSON.stringify(schema)} in the schema: make them one`,
    )
  const isRequired = required.includes(parameter.name)
  if (isRequired !== parameter.required) differ('required', parameter.required, isRequired)
  if (!equal(property.default ?? null, parameter.default)) {
    differ('default', parameter.default, property.default)
  }
  compareType(parameter.type, property, differ)
}

type Differ = (what: string, main: unknown, schema: unknown) => void

function compareType(
  inferred: Inferred,
  property: Record<string, unknown>,
  differ: Differ,
  path = '',
): void {
  if (inferred.type === undefined) return
  if (inferred.type !== property.type) {
    differ(`the type${path}`, inferred.type, property.type)
    return
  }
  const format = textOf(property.format)
  const resource = inferred.format ?? ''
  if ((resource || format.startsWith('resource-')) && resource !== format) {
    differ(`the format${path}`, inferred.format, property.format)
  }
  if (inferred.enum && !equal(inferred.enum, property.enum)) {
    differ(`the enum${path}`, inferred.enum, property.enum)
  }
  if (inferred.items)
    compareType(inferred.items, fieldsOf(property.items), differ, `${path} of its items`)
  // The fields of a resource are told by its resource type.
  if (!inferred.properties || resource) return
  const properties = fieldsOf(property.properties)
  const [mine, theirs] = [[...inferred.properties.keys()].sort(), Object.keys(properties).sort()]
  if (!equal(mine, theirs)) {
    differ(`the list of fields${path}`, mine, theirs)
    return
  }
  for (const [name, type] of inferred.properties) {
    compareType(type, fieldsOf(properties[name]), differ, `${path} of ${name}`)
  }
}
