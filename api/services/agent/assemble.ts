import { cutDocument, shareBudget, tokensGiven } from '../../core/document-budget.ts'
import type { ContextDocument, EntityContext } from '../../core/entities/agent-context.ts'
import type { Document } from '../../core/entities/document.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import type { Task } from '../../core/entities/task.ts'
import { found } from '../../core/errors.ts'
import { inShort } from '../../core/events/in-short.ts'
import {
  claimWithoutClock,
  dependenciesAmong,
  neighboursOf,
  newestEvents,
  progressOf,
  relatedTasks,
  specFoldersOf,
} from '../../store/context.ts'
import type { Tx } from '../../store/database.ts'
import { beginningsOf, documentsAt } from '../../store/documents.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { findTask } from '../../store/tasks.ts'

export interface Entity {
  type: 'sprint' | 'task'
  id: number
}

/** Most related tasks, dependencies of a task per side, events: an agent asks for more by itself. */
const most = { related: 20, neighbours: 50, events: 20 }

/** Reads all that an agent needs about a sprint or a task, in a transaction of one snapshot. */
export async function assemble(tx: Tx, entity: Entity, budget: number): Promise<EntityContext> {
  const task =
    entity.type === 'task' ? found(await findTask(tx, entity.id), 'task', entity.id) : null
  const sprintId = task ? task.sprint_id : entity.id
  const sprint =
    sprintId === null ? null : found(await findSprint(tx, sprintId), 'sprint', sprintId)
  const { project_id, code } = found(task ?? sprint ?? undefined, entity.type, entity.id)
  const [project, aboutTask, aboutSprint, documents, events] = await Promise.all([
    findProject(tx, project_id),
    task && contextOfTask(tx, task),
    sprint && contextOfSprint(tx, sprint, task?.id ?? 0),
    documentsFor(tx, project_id, task, sprint, budget),
    newestEvents(tx, task ? { task: task.id } : { sprint: entity.id }, most.events),
  ])
  const { id, slug, name } = found(project, 'project', project_id)
  return {
    entity: { ...entity, code },
    project: { id, slug, name },
    task: aboutTask,
    sprint: aboutSprint,
    documents,
    document_tokens: tokensGiven(documents),
    budget_tokens: budget,
    events: events.map(({ payload, ...event }) => ({ ...event, told: inShort(payload) })),
  }
}

async function contextOfTask(tx: Tx, task: Task) {
  const [depends_on, needed_by, claim] = await Promise.all([
    neighboursOf(tx, task.id, 'depends_on', most.neighbours),
    neighboursOf(tx, task.id, 'needed_by', most.neighbours),
    claimWithoutClock(tx, task.id),
  ])
  return { ...task, depends_on, needed_by, claim }
}

async function contextOfSprint(tx: Tx, sprint: Sprint, except: number) {
  const [columns, related] = await Promise.all([
    progressOf(tx, sprint.id),
    relatedTasks(tx, sprint.id, except, most.related),
  ])
  const shown = columns.filter(({ board_status }) => board_status !== 'archived')
  const sum = (of: readonly (typeof columns)[number][], what: 'tasks' | 'points') =>
    of.reduce((all, column) => all + column[what], 0)
  const done = shown.filter(({ board_status }) => board_status === 'done')
  const total_points = sum(shown, 'points')
  const completed_points = sum(done, 'points')
  const open = sum(shown, 'tasks') - sum(done, 'tasks')
  const { id, code, name, goal, status, start_date, end_date } = sprint
  return {
    id,
    code,
    name,
    goal,
    status,
    start_date,
    end_date,
    progress: {
      tasks: sum(shown, 'tasks'),
      by_status: Object.fromEntries(shown.map((it) => [it.board_status, it.tasks])),
      total_points,
      completed_points,
      completion_rate: total_points === 0 ? 0 : completed_points / total_points,
    },
    related,
    related_total: open,
    dependencies: await dependenciesAmong(
      tx,
      [...related.map((it) => it.id), except].filter((it) => it > 0),
    ),
  }
}

const specFiles = ['spec.md', 'plan.md', 'tasks.md']

/** The documents that the task names, in its order, then those of its spec. */
async function documentsFor(
  tx: Tx,
  projectId: number,
  task: Task | null,
  sprint: Sprint | null,
  budget: number,
): Promise<ContextDocument[]> {
  const folders = await specFoldersOf(tx, task, sprint)
  const named = task ? referenceDocs(task) : []
  const files = folders.flatMap((folder) => specFiles.map((file) => `${folder}/${file}`))
  const wanted = [...named, ...files]
  const known = await documentsAt(tx, projectId, named, folders)
  const place = ({ path }: Document) =>
    wanted.includes(path) ? wanted.indexOf(path) : wanted.length
  const ordered = known.sort((a, b) => place(a) - place(b))
  const given = shareBudget(
    ordered.map((it) => it.tokens),
    budget,
  )
  const read = ordered.filter((_, index) => (given[index] ?? 0) > 0)
  // No character takes less than a byte, so these are enough of them.
  const texts = await beginningsOf(
    tx,
    read.map((it) => it.id),
    3 * budget,
  )
  const found = ordered.map((document: Document, index) =>
    cutDocument(document, texts.get(document.id) ?? '', given[index] ?? 0),
  )
  const missing = named.filter((path) => !known.some((it) => it.path === path))
  return [...found, ...missing.map(notSent)]
}

const notSent = (path: string): ContextDocument => ({
  id: null,
  path,
  tokens: 0,
  text: null,
  state: 'missing',
  how_to_read: 'Read it in the repository; its text comes with the next sync of the project.',
})

/** Paths that the task's agent is to read, as its AGENT.yml has them; each once. */
function referenceDocs({ agent_config }: Task): string[] {
  const context = agent_config.context
  const docs =
    typeof context === 'object' && context !== null && 'reference_docs' in context
      ? context.reference_docs
      : []
  const paths = Array.isArray(docs) ? docs.filter((it) => typeof it === 'string') : []
  return [...new Set(paths.map((path) => path.replace(/^\.\//, '')))].slice(0, 100)
}
