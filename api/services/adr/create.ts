import { createAdr as command } from '../../commands/adrs.ts'
import { found, invalid } from '../../core/errors.ts'
import { calendarOf, dateAt } from '../../core/metrics/calendar.ts'
import { findAdr, insertAdr, takeAdrNumber } from '../../store/adrs.ts'
import { nowOf } from '../../store/database.ts'
import { findSprint } from '../../store/sprints.ts'
import { findTask } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { impliedProject } from '../project/implied.ts'
import type { Work } from '../runtime.ts'
import { sameProject } from '../sprint/guard.ts'
import { supersede } from './supersede.ts'
import { about, seen } from './told.ts'

export const createAdr = mutation(command, async (work, input) => {
  const { supersedes, sprint_id = null, task_id = null, ...given } = input
  if (supersedes.length > 0 && given.status === 'rejected') {
    throw invalid('supersedes', 'rejected_supersedes_nothing', 'a rejected decision replaces none')
  }
  const project = await impliedProject(work.tx, input.project_id, {
    ...{ sprint_id, task_id, session: work.session },
  })
  await belong(work, project.id, sprint_id, task_id)
  const number = found(await takeAdrNumber(work.tx, project.id), 'project', project.id)
  await insertAdr(work.tx, {
    ...{ project_id: project.id, number, sprint_id, task_id, superseded_by: null },
    title: given.title,
    status: given.status,
    date: given.date ?? dateAt(Date.parse(await nowOf(work.tx)), calendarOf(project.settings)),
    deciders: given.deciders ?? [],
    context: given.context ?? '',
    decision: given.decision ?? '',
    consequences: given.consequences ?? '',
    alternatives: given.alternatives ?? '',
    created_by: work.caller.actor,
  })
  const made = found(await findAdr(work.tx, project.id, number), 'ADR', number)
  await work.record({
    ...about(made),
    type: 'adr.created',
    payload: { number, title: made.title, status: made.status },
  })
  await supersede(work, made, supersedes)
  return seen({ ...made, supersedes: [...new Set(supersedes)].sort((a, b) => a - b) })
})

async function belong(
  work: Work,
  projectId: number,
  sprintId: number | null,
  taskId: number | null,
): Promise<void> {
  if (sprintId !== null) {
    const sprint = found(await findSprint(work.tx, sprintId), 'sprint', sprintId)
    sameProject(`Sprint ${sprint.code}`, sprint.project_id, projectId)
  }
  if (taskId !== null) {
    const task = found(await findTask(work.tx, taskId), 'task', taskId)
    sameProject(`Task ${task.code}`, task.project_id, projectId)
  }
}
