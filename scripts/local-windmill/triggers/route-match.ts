import type { HttpTrigger } from './check-http-trigger.ts'

export type RouteMatch = { trigger: HttpTrigger; params: Record<string, string> }

/**
 * The trigger that a request's path and method belong to. Where several fit, segment by segment a
 * plain name goes before a parameter, and a parameter before a rest.
 *
 * @param path below `/api/r/`, decoded, in segments
 */
export function matchRoute(
  triggers: HttpTrigger[],
  workspace: string,
  method: string,
  path: string[],
): RouteMatch | undefined {
  const fitting = triggers
    .filter(({ http_method }) => http_method === method)
    .flatMap((trigger) => {
      const route = trigger.route_path.split('/')
      const params = paramsOf(trigger.workspaced_route ? [workspace, ...route] : route, path)
      return params ? [{ trigger, params, rank: rankOf(trigger, workspace) }] : []
    })
  fitting.sort((a, b) => (a.rank < b.rank ? -1 : 1))
  const [best] = fitting
  return best && { trigger: best.trigger, params: best.params }
}

function paramsOf(route: string[], path: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, segment] of route.entries()) {
    const given = path[index]
    if (given === undefined) return undefined
    if (segment.startsWith('*')) {
      params[segment.slice(1)] = path.slice(index).join('/')
      return params
    }
    if (segment.startsWith(':') && given !== '') params[segment.slice(1)] = given
    else if (segment !== given) return undefined
  }
  return path.length === route.length ? params : undefined
}

/** A letter for each segment, in the order in which they are tried. */
function rankOf({ route_path, workspaced_route }: HttpTrigger, workspace: string): string {
  const route = workspaced_route ? `${workspace}/${route_path}` : route_path
  const letter = (segment: string) => ({ ':': 'b', '*': 'c' })[segment.charAt(0)] ?? 'a'
  return route.split('/').map(letter).join('')
}
