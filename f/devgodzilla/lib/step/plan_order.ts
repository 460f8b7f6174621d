import type { PlanStep } from '../answers.ts'

type Planned = Pick<PlanStep, 'id' | 'status' | 'depends_on' | 'qa_required' | 'flow_job_id'>

const isDone = ({ status }: Planned) => status === 'completed' || status === 'skipped'

/** Steps that may start now. */
export function readyOf<T extends Planned>(steps: readonly T[]): T[] {
  const done = new Set(steps.filter(isDone).map(({ id }) => id))
  return steps.filter((it) => it.status === 'pending' && it.depends_on.every((id) => done.has(id)))
}

/** Steps that a job is doing, not a person. */
export const runByJobs = <T extends Planned>(steps: readonly T[]): T[] =>
  steps.filter((it) => it.status === 'running' && it.flow_job_id !== null)

/** Whether a queued step will be ready by the work of jobs alone, once those that run are done. */
export function moreToCome(steps: readonly Planned[]): boolean {
  const will = new Set(
    [...steps.filter(isDone), ...runByJobs(steps).filter((it) => !it.qa_required)].map(
      ({ id }) => id,
    ),
  )
  return steps.some((it) => it.status === 'pending' && it.depends_on.every((id) => will.has(id)))
}

/**
 * How many of these can be at work at the same time, at most. Of a chain only one can, so what the
 * longest chain has more than one is taken away.
 */
export function widthOf(steps: readonly Planned[]): number {
  const open = new Map(steps.filter((it) => it.status === 'pending').map((it) => [it.id, it]))
  const length = new Map<number, number>()
  for (let grown = true; grown; ) {
    grown = false
    for (const [id, { depends_on }] of open) {
      const before = Math.max(
        0,
        ...depends_on.map((it) => (open.has(it) ? (length.get(it) ?? 1) : 0)),
      )
      if (length.get(id) === before + 1) continue
      length.set(id, before + 1)
      grown = true
    }
  }
  return open.size === 0 ? 0 : open.size - Math.max(...length.values()) + 1
}
