import { undoWork as command } from '../../commands/revisions.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { DomainError, type FieldError } from '../../core/errors.ts'
import { contentOf } from '../../core/revisions/differences.ts'
import { dependentsOf } from '../../store/dependencies.ts'
import { type Touched, touchedBy } from '../../store/revisions.ts'
import { openTasksIn } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { archiveSprint } from '../sprint/delete.ts'
import { restoreSprint, type SprintContent } from './restore-sprint.ts'
import { lockForRestoring, restoreTasks } from './restore-tasks.ts'
import type { TaskContent } from './task-content.ts'

/**
 * Takes back what a correlation id did: what it changed is as it was before, what it made is
 * archived. All of it or, where later work stands on a part of it, nothing.
 */
export const undoWork = mutation(command, async (work, { correlation_id }) => {
  const wanted = new Map((await known(work, correlation_id)).map((it) => [it, wish(it)] as const))
  const tasks = new Map(
    [...wanted].flatMap(([it, content]) =>
      it.entity_type === 'task' ? [[it.entity_id, content as TaskContent] as const] : [],
    ),
  )
  const sprintIds = [...wanted.keys()].flatMap((it) =>
    it.entity_type === 'sprint' ? it.entity_id : [],
  )
  const { rows, sprints } = await lockForRestoring(work, tasks, sprintIds)
  // Again, now that nobody else can change them.
  const open = (await known(work, correlation_id)).filter((it) => !isUndone(it))
  refuseAll(correlation_id, open.flatMap(laterWork))

  const openTasks = new Set(open.flatMap((it) => (it.entity_type === 'task' ? it.entity_id : [])))
  const refused = await restoreTasks(
    work,
    new Map([...rows].filter(([id]) => openTasks.has(id))),
    new Map([...tasks].filter(([id]) => openTasks.has(id))),
  )
  refuseAll(correlation_id, [
    ...refused.map(({ task_id, error }) => ({
      field: rows.get(task_id)?.code ?? `task ${task_id}`,
      message: error.message,
    })),
    ...(await undoSprints(work, open, sprints)),
    ...(await leftStanding(work, open)),
  ])
  if (open.length === 0) work.nothingChanged()
  await tell(work, correlation_id, open)
  return {
    correlation_id,
    restored: open.filter((it) => it.before !== null).map(named),
    archived: open.filter((it) => it.before === null).map(named),
  }
})

async function known(work: Work, correlationId: string): Promise<Touched[]> {
  const touched = await touchedBy(work.tx, correlationId)
  if (touched.length > 0) return touched
  throw new DomainError(
    'not_found',
    'exists',
    `Nothing in sprints and tasks was changed under the correlation id ${correlationId}; a history (GET /tasks/…/history) names those there are.`,
  )
}

/** What it should be again; what was made stays, archived. */
function wish({ entity_type, before }: Touched): TaskContent | SprintContent {
  if (before !== null) return contentOf(before) as TaskContent | SprintContent
  return entity_type === 'task' ? { board_status: 'archived' } : {}
}

function isUndone({ before, now }: Touched): boolean {
  if (before !== null) return before === now
  const content = contentOf(now)
  return content === null || (content.board_status ?? content.status) === 'archived'
}

const named = ({ entity_type, entity_id, before, now }: Touched) => ({
  entity_type,
  entity_id,
  code: String((contentOf(now) ?? contentOf(before))?.code ?? entity_id),
})

function laterWork(it: Touched): FieldError[] {
  const field = named(it).code
  if (it.now === 'null') return [{ field, message: 'was deleted since' }]
  if (it.later === null) return []
  const { number, actor, correlation_id } = it.later
  const under = correlation_id === null ? '' : `, correlation id ${correlation_id}`
  return [{ field, message: `was changed since by ${actor} (revision ${number}${under})` }]
}

/** Archives the sprints that were made, and restores the others; answers what a rule forbids. */
async function undoSprints(
  work: Work,
  open: readonly Touched[],
  sprints: ReadonlyMap<number, Sprint>,
): Promise<FieldError[]> {
  const refused: FieldError[] = []
  for (const it of open.filter(({ entity_type }) => entity_type === 'sprint')) {
    const sprint = sprints.get(it.entity_id)
    if (!sprint) continue
    try {
      if (it.before === null) {
        const others = await openTasksIn(work.tx, sprint.id)
        if (others.length > 0) {
          const message = `holds ${codesOf(others)}, which other work has put there`
          refused.push({ field: sprint.code, message })
        } else await archiveSprint(work, sprint)
      } else await restoreSprint(work, sprint, contentOf(it.before) as SprintContent)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refused.push({ field: sprint.code, message: error.message })
    }
  }
  return refused
}

/** Tasks of other work that depend on what would be archived. */
async function leftStanding(work: Work, open: readonly Touched[]): Promise<FieldError[]> {
  const made = open.filter((it) => it.entity_type === 'task' && it.before === null)
  const dependents = await dependentsOf(
    work.tx,
    made.map((it) => it.entity_id),
  )
  return dependents.map(({ code, depends_on }) => ({
    field: code,
    message: `depends on ${depends_on}, which this work has made`,
  }))
}

const codesOf = (tasks: readonly { code: string }[]) =>
  tasks.length > 3 ? `${tasks.length} tasks` : tasks.map((task) => task.code).join(', ')

/** The most that a refusal lists. */
const mostListed = 100

function refuseAll(correlationId: string, reasons: readonly FieldError[]): void {
  if (reasons.length === 0) return
  const listed = reasons.slice(0, mostListed)
  const more = reasons.length - listed.length
  throw new DomainError(
    'conflict',
    'later_work_stands_on_it',
    `The work under ${correlationId} cannot be undone as it is: ${listed.map(({ field, message }) => `${field} ${message.replace(/\.$/, '')}`).join('; ')}${more > 0 ? `; and ${more} more` : ''}. Undo or change that first; nothing was changed.`,
    { fields: listed },
  )
}

async function tell(work: Work, correlation_id: string, open: readonly Touched[]): Promise<void> {
  const projects = new Set(open.map((it) => it.project_id))
  await work.record(
    ...[...projects].map((project_id) => {
      const theirs = open.filter((it) => it.project_id === project_id)
      const archived = theirs.filter((it) => it.before === null).length
      return {
        ...{ type: 'work.undone' as const, entity_type: 'project', entity_id: project_id },
        project_id,
        payload: { correlation_id, restored: theirs.length - archived, archived },
      }
    }),
  )
}
