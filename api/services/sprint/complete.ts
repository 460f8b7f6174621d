import { completeSprint as command } from '../../commands/sprints.ts'
import type { Sprint, SprintReport } from '../../core/entities/sprint.ts'
import { conflict, found } from '../../core/errors.ts'
import { catalogue } from '../../core/events/catalogue.ts'
import { isLeft, reportOf } from '../../core/sprint-report.ts'
import { latestPayload } from '../../store/events.ts'
import { findSprintByCode, lockSprint, nextOpenSprint, updateSprint } from '../../store/sprints.ts'
import { lockTasksOfSprint, type TaskRow } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { changeTasks } from '../task/change.ts'
import { refuseClosed } from './guard.ts'
import { begin } from './start.ts'

export const completeSprint = mutation(command, async (work, { sprint_id, carry_over_to }) => {
  const sprint = found(await lockSprint(work.tx, sprint_id), 'sprint', sprint_id)
  if (sprint.status === 'completed' && sprint.report) {
    work.nothingChanged()
    return { sprint, report: sprint.report }
  }
  refuseClosed(sprint)
  const target = await targetOf(work, sprint, carry_over_to)
  // A sprint that nobody started has run since it was made.
  const started =
    sprint.status === 'planning' ? await begin(work, sprint, sprint.created_at) : sprint
  const tasks = await lockTasksOfSprint(work.tx, sprint.id)
  const report = reportOf({
    tasks,
    committedTasks: await committedTasks(work, sprint.id),
    committedPoints: started.committed_points ?? 0,
    startedAt: started.started_at ?? started.created_at,
    carryOverTo: target?.code ?? 'backlog',
  })
  await carryOver(work, tasks.filter(isLeft), target)
  return { sprint: await close(work, started, report), report }
})

async function committedTasks(work: Work, sprintId: number): Promise<number[]> {
  const start = await latestPayload(work.tx, 'sprint', sprintId, 'sprint.started')
  return catalogue['sprint.started'].parse(start).committed_tasks
}

/** The sprint that takes what is left; null is the backlog. */
async function targetOf(work: Work, sprint: Sprint, to: string): Promise<Sprint | null> {
  if (to === 'backlog') return null
  const target =
    to === 'next'
      ? await nextOpenSprint(work.tx, sprint)
      : await findSprintByCode(work.tx, sprint.project_id, to)
  if (!target || target.id === sprint.id) {
    throw conflict(
      'carry_over_target',
      to === 'next'
        ? 'There is no open sprint after this one; create it first, or carry over to "backlog".'
        : `carry_over_to: the project has no other sprint "${to}"; name another, "next" or "backlog".`,
    )
  }
  const held = found(await lockSprint(work.tx, target.id), 'sprint', target.id)
  refuseClosed(held)
  return held
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

async function close(work: Work, sprint: Sprint, report: SprintReport): Promise<Sprint> {
  const closed = await updateSprint(work.tx, sprint.id, {
    status: 'completed',
    completed_at: 'now',
    velocity_actual: report.completed_points,
    report,
  })
  await work.record({
    type: 'sprint.completed',
    entity_type: 'sprint',
    entity_id: sprint.id,
    project_id: sprint.project_id,
    sprint_id: sprint.id,
    payload: report,
  })
  return closed
}
