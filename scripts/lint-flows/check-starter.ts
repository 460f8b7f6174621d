import { checkHttpTrigger, routeKey } from '../local-windmill/triggers/check-http-trigger.ts'
import { checkSchedule } from '../local-windmill/triggers/check-schedule.ts'
import type { Fault } from '../local-windmill/triggers/fault.ts'
import { calleeAt, checkArguments } from './check-call.ts'
import { type Fields, fieldsOf, textOf } from './json.ts'
import { names, type Report } from './problem.ts'
import type { Workspace } from './workspace.ts'

/** Schedules and triggers start something, which must be there and take what they give it. */
export function checkStarter(workspace: Workspace, file: string, report: Report): void {
  if (!/\.(schedule|\w+_trigger)\.yaml$/.test(file)) return
  const starter = fieldsOf(workspace.documents.get(file))
  const callee = calleeAt(workspace, starter.is_flow === true, textOf(starter.script_path))
  if (typeof callee === 'string') report('script_path', 'unknown-path', callee)
  checkHandlers(workspace, starter, report)
  if (file.endsWith('.schedule.yaml')) {
    reportFaults(checkSchedule(file, starter).faults, report)
    if (typeof callee !== 'string') {
      const given = Object.entries(fieldsOf(starter.args))
      const fixed = given.map(([name, value]) => [name, { type: 'static', value }] as const)
      checkArguments(workspace, callee, Object.fromEntries(fixed), report)
    }
  } else if (file.endsWith('.http_trigger.yaml')) checkRoute(workspace, file, starter, report)
}

/** Windmill's own schema has said what is wrong with the shape of the file. */
function reportFaults(faults: Fault[], report: Report): void {
  for (const { field, rule, message } of faults) if (rule !== 'shape') report(field, rule, message)
}

/** What runs when the job has failed, recovered or gone well: `script/…` or `flow/…`. */
function checkHandlers(workspace: Workspace, starter: Fields, report: Report): void {
  for (const key of ['on_failure', 'on_recovery', 'on_success', 'error_handler_path']) {
    const [, kind, path = ''] = /^(script|flow)\/(.*)$/.exec(textOf(starter[key])) ?? []
    // The handlers of Windmill itself lie in its hub.
    if (!kind || path.startsWith('hub/')) continue
    const handler = calleeAt(workspace, kind === 'flow', path)
    if (typeof handler === 'string') report(key, 'unknown-path', handler)
  }
}

const withResource = ['api_key', 'basic_http', 'signature']

function checkRoute(
  { resources, documents }: Workspace,
  file: string,
  trigger: Fields,
  report: Report,
): void {
  const { authentication_method: method, authentication_resource_path: path } = trigger
  const resource = textOf(path)
  if (withResource.includes(textOf(method)) && !resource) {
    const message = `${textOf(method)} needs a resource: name it, or everybody is refused`
    report('authentication_resource_path', 'unknown-resource', message)
  }
  if (resource && !resources.has(resource)) {
    const message = `there is no resource ${resource}: there is ${names(resources.keys())}`
    report('authentication_resource_path', 'unknown-resource', message)
  }
  const { value, faults } = checkHttpTrigger(file, trigger)
  reportFaults(faults, report)
  if (!value) return
  const route = routeKey(value)
  const routes = [...documents]
    .filter(([other]) => other.endsWith('.http_trigger.yaml'))
    .map(([other, document]) => checkHttpTrigger(other, document).value)
  if (routes.filter((other) => other && routeKey(other) === route).length < 2) return
  report('route_path', 'duplicate-route', `another trigger has ${route} too: give each its own`)
}
