import { nearestOf } from '../nearest.ts'
import { catalogue } from './catalogue.ts'

const prefix = 'orchestration.'

/** Names under which agents know types that are stored by another one. */
const otherwise: Record<string, string> = {
  'task.started': 'task.status_changed',
  'task.completed': 'task.status_changed',
  'task.blocked': 'task.status_changed',
  'task.status_updated': 'task.status_changed',
  'agent.started': 'agent.initialized',
}

/**
 * A type or family as it is stored: `orchestration.sprint.created` is `sprint.created`, and
 * `orchestration.*` is `*`. Whatever has no such name is left as it is.
 */
export function storedName(named: string): string {
  if (!named.startsWith(prefix)) return named
  const name = named.slice(prefix.length)
  return otherwise[name] ?? name
}

const families = [...new Set(Object.keys(catalogue).map((type) => `${type.split('.')[0]}.*`))]

/** Says which types are meant by a name that is none, written as it was. */
export function meant(named: string): string {
  const orchestrated = named.startsWith(prefix)
  const known = [
    ...Object.keys(catalogue),
    ...families,
    ...(orchestrated ? Object.keys(otherwise) : []),
  ]
  const near = nearestOf(storedName(named), known, 3)
  if (near.length === 0) return ''
  return `; did you mean ${near.map((it) => (orchestrated ? prefix + it : it)).join(' or ')}?`
}
