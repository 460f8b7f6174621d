import { queryOptions } from '@tanstack/react-query'
import { get, getAll } from '../api/request.ts'
import type {
  Artifact,
  Page,
  ProtocolProgress,
  ProtocolRun,
  StepRun,
  StoredEvent,
} from '../api/types.ts'

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['protocols', id],
    queryFn: ({ signal }) => get<ProtocolRun>(`/protocols/${id}`, undefined, signal),
  })

export const progressQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['protocols', 'progress', projectId],
    queryFn: ({ signal }) =>
      getAll<ProtocolProgress>(`/projects/${projectId}/protocol-progress`, {}, signal),
  })

export const stepArtifactsQuery = (stepId: number) =>
  queryOptions({
    queryKey: ['steps', stepId, 'artifacts'],
    queryFn: ({ signal }) => getAll<Artifact>(`/steps/${stepId}/artifacts`, {}, signal),
  })

const mostEvents = 50
export const stepEventsQuery = (stepId: number) =>
  queryOptions({
    queryKey: ['steps', stepId, 'events'],
    queryFn: async ({ signal }) => {
      const query = { entity_type: 'step', entity_id: stepId, order: 'desc', limit: mostEvents }
      return (await get<Page<StoredEvent>>('/events', query, signal)).items
    },
  })

/** Of a run whose steps are known: the same figures that the list of runs shows. */
export function sumOf(steps: readonly StepRun[]) {
  const counted = steps.filter(({ status }) => status !== 'cancelled')
  const total = (of: (step: StepRun) => number | null) =>
    steps.some((step) => of(step) !== null)
      ? steps.reduce((sum, step) => sum + (of(step) ?? 0), 0)
      : null
  return {
    steps: counted.length,
    done: counted.filter(({ status }) => status === 'completed' || status === 'skipped').length,
    tokens: total((step) => step.tokens),
    cost_usd: total((step) => step.cost_usd),
  }
}
