import type { Sprint } from '../../core/entities/sprint.ts'

/** Why a sprint without a start has no chart. */
export const neverStarted = ({ id, status }: Pick<Sprint, 'id' | 'status'>): string =>
  status === 'planning'
    ? `The sprint has not started, so there is nothing to draw yet; start it (POST /sprints/${id}/actions/start).`
    : 'The sprint ended without having been started, so there is nothing to draw.'
