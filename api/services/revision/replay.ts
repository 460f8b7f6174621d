import { replayWork as command } from '../../commands/revisions.ts'
import type { ReplayConflict } from '../../core/entities/revision.ts'
import { DomainError, found } from '../../core/errors.ts'
import { type Content, contentOf } from '../../core/revisions/differences.ts'
import {
  type EntityChange,
  replayed,
  sessionChanges,
} from '../../core/revisions/session-changes.ts'
import type { Tx } from '../../store/database.ts'
import { contentsNow, revisionsOfSession } from '../../store/revisions.ts'
import { findSprint } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import { type Work, workIn } from '../runtime.ts'
import { matchedIn } from './match-tasks.ts'
import { restoreSprint, type SprintContent } from './restore-sprint.ts'
import { lockForRestoring, restoreTasks } from './restore-tasks.ts'
import type { TaskContent } from './task-content.ts'

/** A change of the session, and the entity that it is applied to now. */
interface Target {
  change: EntityChange
  id: number
  code: string
}

/** Applies what a session did again, field by field, wherever nothing else has been done since. */
export const replayWork = mutation(command, async (work, input) => {
  const { session_key, sprint_id, skip_conflicts, dry_run } = input
  const changes = sessionChanges(await revisionsOfSession(work.tx, session_key))
  if (changes.length === 0) {
    throw new DomainError(
      'not_found',
      'exists',
      `The session ${session_key} has changed no sprint and no task.`,
    )
  }
  const { targets, unmatched } = await targetsOf(work, changes, sprint_id)
  const plan = await planned(work, targets, sprint_id !== undefined)
  const report = { session_key, unmatched, ...plan.report }
  const done = await tried(work, async (inner) => {
    report.conflicts.push(...(await carryOut(inner, plan)))
    const refused = new Set(report.conflicts.filter((it) => it.field === null).map(keyOf))
    report.changed = report.changed.filter((it) => !refused.has(keyOf(it)))
    return !dry_run && (skip_conflicts || report.conflicts.length === 0)
  })
  const applied = done && report.changed.length > 0
  if (!applied) work.nothingChanged()
  else await tell(work, targets, report)
  return { ...report, applied }
})

async function targetsOf(work: Work, changes: readonly EntityChange[], onto: number | undefined) {
  if (onto === undefined) {
    const targets = changes.map((change) => ({ change, id: change.entity_id, code: change.code }))
    return { targets, unmatched: [] }
  }
  const sprint = found(await findSprint(work.tx, onto), 'sprint', onto)
  const tasks = changes.filter((it) => it.entity_type === 'task')
  return matchedIn(work.tx, sprint.id, tasks)
}

interface Plan {
  tasks: Map<number, TaskContent>
  sprints: Map<number, SprintContent>
  locked: Awaited<ReturnType<typeof lockForRestoring>>
  report: {
    changed: { entity_type: 'sprint' | 'task'; entity_id: number; code: string; fields: string[] }[]
    conflicts: ReplayConflict[]
  }
}

/** What belongs to one sprint alone, and means nothing in another one. */
const ofItsPlace = ['depends_on', 'external_id', 'position', 'sprint_id']
/** What a sprint's status brings with it. */
const ofItsStatus = ['committed_points', 'completed_at', 'started_at']

async function planned(work: Work, targets: readonly Target[], elsewhere: boolean): Promise<Plan> {
  const ids = (type: string) =>
    targets.flatMap(({ change, id }) => (change.entity_type === type ? id : []))
  const goals = new Map(
    targets.flatMap(({ change, id }) => {
      const sprint = elsewhere ? undefined : change.fields.get('sprint_id')?.to
      const goal: TaskContent = sprint === undefined ? {} : { sprint_id: sprint as number | null }
      return change.entity_type === 'task' ? [[id, goal] as const] : []
    }),
  )
  const locked = await lockForRestoring(work, goals, ids('sprint'))
  const now = {
    task: await contentsNow(work.tx, 'task', ids('task')),
    sprint: await contentsNow(work.tx, 'sprint', ids('sprint')),
  }
  const plan: Plan = {
    ...{ tasks: new Map(), sprints: new Map(), locked },
    report: { changed: [], conflicts: [] },
  }
  for (const { change, id, code } of targets) {
    const present = contentOf(now[change.entity_type].get(id) ?? 'null')
    const about = { entity_type: change.entity_type, entity_id: id, code }
    const wanted: Record<string, unknown> = {}
    for (const [field, value] of change.fields) {
      if ((elsewhere ? ofItsPlace : ofItsStatus).includes(field)) continue
      const based = brought(change, field, present, elsewhere)
        ? { ...value, base: 'archived' }
        : value
      const result = replayed(field, based, present?.[field] ?? null)
      if (result === 'there') continue
      if (result === 'conflict') {
        const sides = { base: value.base, present: present?.[field] ?? null, replayed: value.to }
        const reason = present === null ? 'it is gone' : 'it was changed since'
        plan.report.conflicts.push({ ...about, field, ...sides, reason })
      } else wanted[field] = result.value
    }
    const fields = Object.keys(wanted)
    if (fields.length === 0) continue
    plan.report.changed.push({ ...about, fields })
    if (change.entity_type === 'task') plan.tasks.set(id, wanted)
    else plan.sprints.set(id, wanted)
  }
  return plan
}

/** What the session had made and an undo has archived comes back. */
const brought = (change: EntityChange, field: string, present: Content, elsewhere: boolean) =>
  change.made && !elsewhere && field === 'board_status' && present?.board_status === 'archived'

/** Answers what the rules keep from being done. */
async function carryOut(work: Work, { tasks, sprints, locked }: Plan): Promise<ReplayConflict[]> {
  const refused: ReplayConflict[] = []
  const refuse = (entity_type: 'sprint' | 'task', id: number, code: string, error: DomainError) =>
    refused.push({
      ...{ entity_type, entity_id: id, code, field: null },
      ...{ base: null, present: null, replayed: null, reason: error.message },
    })
  for (const [id, content] of sprints) {
    const sprint = locked.sprints.get(id)
    if (!sprint) continue
    try {
      await restoreSprint(work, sprint, content)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refuse('sprint', id, sprint.code, error)
    }
  }
  for (const { task_id, error } of await restoreTasks(work, locked.rows, tasks)) {
    refuse('task', task_id, locked.rows.get(task_id)?.code ?? `task ${task_id}`, error)
  }
  return refused
}

/** Does it, and undoes it again where it answers false. */
async function tried(work: Work, act: (inner: Work) => Promise<boolean>): Promise<boolean> {
  const undone = Symbol('undone')
  try {
    await work.tx.savepoint(async (inner) => {
      if (!(await act(await workIn(inner as Tx, work.runtime, work.caller)))) throw undone
    })
    return true
  } catch (error) {
    if (error === undone) return false
    throw error
  }
}

const keyOf = (it: { entity_type: string; entity_id: number }) =>
  `${it.entity_type} ${it.entity_id}`

async function tell(
  work: Work,
  targets: readonly Target[],
  report: Plan['report'] & { session_key: string },
): Promise<void> {
  const [first] = targets
  if (!first) return
  const project_id = first.change.project_id
  await work.record({
    ...{ type: 'work.replayed', entity_type: 'project', entity_id: project_id, project_id },
    payload: {
      session_key: report.session_key,
      changed: report.changed.length,
      skipped: report.conflicts.length,
    },
  })
}
