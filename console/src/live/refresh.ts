import type { StoredEvent } from '../api/types.ts'

/** What has to be read again after some events. */
export interface Refresh {
  /** Cards to read one by one; empty when `allTasks` is set. */
  taskIds: number[]
  allTasks: boolean
  projects: boolean
  sprint: boolean
  velocity: boolean
  specs: boolean
  protocols: boolean
  /** Runs whose steps moved. */
  runIds: number[]
}

/** Past this many cards the whole list is asked for; the API reads no more of them by id. */
const mostSingleTasks = 200

export function refreshAfter(events: readonly StoredEvent[]): Refresh {
  const taskIds = new Set<number>()
  const runIds = new Set<number>()
  const seen = new Set<string>()
  let bulk = false
  for (const { type, entity_type, entity_id, protocol_run_id } of events) {
    const [family = ''] = type.split('.')
    seen.add(family)
    if (entity_type === 'task') taskIds.add(entity_id)
    if (protocol_run_id !== null && (family === 'step' || family === 'protocol')) {
      runIds.add(protocol_run_id)
    }
    if (type === 'spec.tasks_imported' || type === 'sprint.synced' || type === 'sprint.completed') {
      bulk = true
    }
  }
  const allTasks = bulk || taskIds.size > mostSingleTasks
  return {
    taskIds: allTasks ? [] : [...taskIds],
    allTasks,
    projects: seen.has('project'),
    sprint: seen.has('sprint'),
    velocity: seen.has('sprint') || taskIds.size > 0 || bulk,
    specs: seen.has('spec'),
    protocols: seen.has('protocol') || seen.has('step'),
    runIds: [...runIds],
  }
}
