import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Features } from '../openflow/features.ts'
import { type Checked, checkKeys, type Fault } from './fault.ts'

export const HTTP_METHODS = ['get', 'post', 'put', 'delete', 'patch'] as const
const REQUEST_TYPES = ['sync', 'async'] as const
const AUTHENTICATION = ['none', 'windmill', 'api_key', 'basic_http', 'signature'] as const

/** An HTTP trigger as its file has it. */
export type HttpTrigger = {
  path: string
  script_path: string
  is_flow: boolean
  /** Below `/api/r/`, and below the workspace there if it is workspaced. */
  route_path: string
  workspaced_route: boolean
  http_method: (typeof HTTP_METHODS)[number]
  /** Answers the result, or the job's id at once. */
  request_type: (typeof REQUEST_TYPES)[number]
  authentication_method: (typeof AUTHENTICATION)[number]
  authentication_resource_path: string | null
  wrap_body: boolean
  raw_string: boolean
}

const FEATURES: Features = {
  run: [
    'script_path',
    'is_flow',
    'route_path',
    'workspaced_route',
    'http_method',
    'request_type',
    'authentication_method',
    'authentication_resource_path',
    'wrap_body',
    'raw_string',
    'mode',
    'enabled',
  ],
  ignored: ['summary', 'description', 'labels', 'inherited_labels', 'draft_only', 'is_draft'],
  warned: ['error_handler_path', 'error_handler_args'],
}
const REFUSED = ['is_static_website', 'static_asset_config', 'retry', 'is_async']

/** Plain, `:named` and, at the end, `*catch-all` segments. */
const ROUTE = /^(:?[-\w]+\/)*(:?|\*)[-\w]+$/

/** Reads a parsed `*.http_trigger.yaml`; one that is switched off has neither value nor faults. */
export function checkHttpTrigger(path: string, document: unknown): Checked<HttpTrigger> {
  if (!isObject(document)) {
    return { value: null, faults: [shape('', 'the file is not a mapping')], warnings: [] }
  }
  const { faults, warnings } = checkKeys(document, FEATURES, REFUSED)
  if (typeof document.script_path !== 'string') {
    faults.push(shape('script_path', 'must be a string'))
  }
  for (const field of ['is_flow', 'workspaced_route', 'wrap_body', 'raw_string']) {
    if (typeof document[field] !== 'boolean') faults.push(shape(field, 'must be true or false'))
  }
  const { route_path, authentication_resource_path: resource } = document
  if (typeof route_path !== 'string') faults.push(shape('route_path', 'must be a string'))
  else if (!ROUTE.test(route_path)) {
    const message = 'must be made of names, :parameters and at most a *rest at the end, without a /'
    faults.push({ field: 'route_path', rule: 'route', message: `${message} in front` })
  }
  const http_method = oneOf(document, 'http_method', HTTP_METHODS, [], faults)
  const request_type = oneOf(document, 'request_type', REQUEST_TYPES, ['sync_sse'], faults)
  const authentication_method = oneOf(
    document,
    'authentication_method',
    AUTHENTICATION,
    ['custom_script'],
    faults,
  )
  const mode = document.mode ?? (document.enabled === false ? 'disabled' : 'enabled')
  if (mode === 'suspended') {
    faults.push({ field: 'mode', rule: 'unsupported', message: 'suspended is not supported' })
  } else if (mode !== 'enabled' && mode !== 'disabled') {
    faults.push(shape('mode', 'must be enabled or disabled'))
  }
  const off = mode === 'disabled'
  if (faults.length > 0 || !http_method || !request_type || !authentication_method || off) {
    return { value: null, faults, warnings }
  }
  const value: HttpTrigger = {
    path,
    script_path: String(document.script_path),
    is_flow: document.is_flow === true,
    route_path: String(route_path),
    workspaced_route: document.workspaced_route === true,
    http_method,
    request_type,
    authentication_method,
    authentication_resource_path: typeof resource === 'string' && resource ? resource : null,
    wrap_body: document.wrap_body === true,
    raw_string: document.raw_string === true,
  }
  return { value, faults, warnings }
}

/** Two routes are the same when no request could tell them apart: names of parameters do not count. */
export function routeKey({ http_method, route_path, workspaced_route }: HttpTrigger): string {
  const shapeOfRoute = route_path.replace(/([:*])[-\w]+/g, '$1')
  return `${http_method.toUpperCase()} ${workspaced_route ? '{workspace}/' : ''}${shapeOfRoute}`
}

function oneOf<const T extends string>(
  document: JsonObject,
  field: string,
  known: readonly T[],
  refused: string[],
  faults: Fault[],
): T | undefined {
  const given: Json | undefined = document[field]
  const value = known.find((item) => item === given)
  if (value !== undefined) return value
  if (typeof given === 'string' && refused.includes(given)) {
    faults.push({ field, rule: 'unsupported', message: `${given} is not supported` })
  } else faults.push(shape(field, `must be one of ${known.join(', ')}`))
  return undefined
}

const shape = (field: string, message: string): Fault => ({ field, rule: 'shape', message })
