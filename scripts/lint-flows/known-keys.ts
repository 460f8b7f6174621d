import openflow from 'windmill-yaml-validator/dist/gen/openflow.json' with { type: 'json' }
import { fieldsOf, listOf, textOf } from './json.ts'

/** The keys that OpenFlow has at each place, from Windmill's own schema. */
const schemas: Record<string, unknown> = openflow.components.schemas

const propertiesOf = (name: string) => fieldsOf(fieldsOf(schemas[name]).properties)
const keysOf = (name: string) => new Set(Object.keys(propertiesOf(name)))

/** Module type → the keys of its value. */
const moduleValues = listOf(fieldsOf(schemas.FlowModuleValue).oneOf).map((option) => {
  const name = textOf(fieldsOf(option).$ref).replace(/^.*\//, '')
  const type = listOf(fieldsOf(propertiesOf(name).type).enum)[0]
  return [String(type), keysOf(name)] as const
})

export const knownKeys = {
  // wmill writes more than the schema lists.
  flow: new Set([...keysOf('OpenFlow'), 'ws_error_handler_muted', 'tag', 'labels']),
  value: keysOf('FlowValue'),
  module: keysOf('FlowModule'),
  retry: keysOf('Retry'),
  retryIf: keysOf('RetryIf'),
  stopAfterIf: keysOf('StopAfterIf'),
  skipIf: new Set(['expr']),
  mock: new Set(['enabled', 'return_value']),
  suspend: new Set(Object.keys(fieldsOf(fieldsOf(propertiesOf('FlowModule').suspend).properties))),
  branch: new Set(['summary', 'expr', 'modules', 'parallel', 'skip_failure']),
  moduleValue: new Map(moduleValues),
}
