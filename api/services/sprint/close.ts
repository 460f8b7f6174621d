import type { Sprint, SprintReport } from '../../core/entities/sprint.ts'
import { DomainError, found } from '../../core/errors.ts'
import { catalogue } from '../../core/events/catalogue.ts'
import { isLeft, reportOf } from '../../core/sprint-report.ts'
import { latestPayload } from '../../store/events.ts'
import {
  findSprint,
  findSprintByCode,
  lockSprints,
  nextOpenSprint,
  updateSprint,
} from '../../store/sprints.ts'
import { lockTasksOfSprint, type TaskRow } from '../../store/tasks.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from '../task/change.ts'
import { refuseClosed } from './guard.ts'

export interface Ending {
  status: 'completed' | 'failed'
  /** Why it failed. */
  reason: string | null
  /** The sprint that takes what is left; null is the backlog. */
  target: Sprint | null
}

/**
 * Ends a locked sprint that has started: reports, closes, and moves on what is left. The end is told
 * first, so that what leaves afterwards is no change of its scope.
 */
export async function closeSprint(work: Work, sprint: Sprint, ending: Ending): Promise<Sprint> {
  const tasks = await lockTasksOfSprint(work.tx, sprint.id)
  const report = reportOf({
    tasks,
    committedTasks: await committedTasks(work, sprint.id),
    committedPoints: sprint.committed_points ?? 0,
    startedAt: sprint.started_at ?? sprint.created_at,
    carryOverTo: ending.target?.code ?? 'backlog',
  })
  const closed = await updateSprint(work.tx, sprint.id, {
    status: ending.status,
    completed_at: 'now',
    velocity_actual: report.completed_points,
    report,
  })
  await work.record({
    ...toldAs(ending, report),
    entity_type: 'sprint',
    entity_id: sprint.id,
    project_id: sprint.project_id,
    sprint_id: sprint.id,
  })
  await carryOver(work, tasks.filter(isLeft), ending.target)
  return closed
}

const toldAs = ({ status, reason }: Ending, report: SprintReport) =>
  status === 'failed'
    ? { type: 'sprint.failed' as const, payload: { ...report, reason: reason ?? '' } }
    : { type: 'sprint.completed' as const, payload: report }

async function committedTasks(work: Work, sprintId: number): Promise<number[]> {
  const start = await latestPayload(work.tx, 'sprint', sprintId, 'sprint.started')
  // A sprint whose start was never told, such as an imported one, has committed to nothing.
  return start === undefined ? [] : catalogue['sprint.started'].parse(start).committed_tasks
}

/**
 * Locks a sprint to be ended, with the one that `to` names for what is left: both at once, so that
 * two sprints may be ended into each other.
 */
export async function lockToEnd(work: Work, sprintId: number, to: string) {
  const known = found(await findSprint(work.tx, sprintId), 'sprint', sprintId)
  const named = await namedTarget(work, known, to)
  const ids = [sprintId, ...(named ? [named.id] : [])]
  const locked = new Map((await lockSprints(work.tx, ids)).map((it) => [it.id, it]))
  return {
    sprint: found(locked.get(sprintId), 'sprint', sprintId),
    target: named && found(locked.get(named.id), 'sprint', named.id),
  }
}

/** Null is the backlog, undefined a sprint that is not there. */
async function namedTarget(work: Work, sprint: Sprint, to: string) {
  if (to === 'backlog') return null
  const target =
    to === 'next'
      ? await nextOpenSprint(work.tx, sprint)
      : await findSprintByCode(work.tx, sprint.project_id, to)
  return target?.id === sprint.id ? undefined : target
}

/** @throws DomainError `conflict` where there is no such sprint, or it has ended */
export function openTarget(target: Sprint | null | undefined, to: string): Sprint | null {
  if (target) refuseClosed(target)
  if (target !== undefined) return target
  const message =
    to === 'next'
      ? 'There is no open sprint after this one; create it first, or carry over to "backlog".'
      : `The project has no other sprint "${to}"; name another, "next" or "backlog".`
  throw new DomainError('conflict', 'carry_over_target', message, {
    fields: [{ field: 'carry_over_to', message }],
  })
}

async function carryOver(work: Work, left: readonly TaskRow[], target: Sprint | null) {
  await changeTasks(
    work,
    left.map((before) => ({
      before,
      after: {
        ...before,
        sprint_id: target?.id ?? null,
        board_status: target ? before.board_status : 'backlog',
        blocked_reason: target ? before.blocked_reason : null,
      },
    })),
    'sprint',
  )
}
