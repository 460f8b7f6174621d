import {
  createSprintFromTemplate as sprintCommand,
  createTaskFromTemplate as taskCommand,
} from '../../commands/from-template.ts'
import { configKey } from '../../core/delegation/agent-fields.ts'
import type { AgentReading } from '../../core/delegation/read-agent.ts'
import { readAgent } from '../../core/delegation/read-agent.ts'
import { TemplateProblem } from '../../core/delegation/render.ts'
import { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { Project } from '../../core/entities/project.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import { DomainError, found, invalid } from '../../core/errors.ts'
import { didYouMean } from '../../core/nearest.ts'
import { gap } from '../../core/ordering.ts'
import { keepChoices, ownTemplates } from '../../store/delegation-files.ts'
import { findProject } from '../../store/projects.ts'
import { findSprint } from '../../store/sprints.ts'
import { lockTasks, seen, type TaskRow } from '../../store/tasks.ts'
import { mutation } from '../mutation.ts'
import { impliedProject } from '../project/implied.ts'
import type { Work } from '../runtime.ts'
import { makeSprint } from '../sprint/create.ts'
import { changeTasks, makeTasks } from '../task/change.ts'
import { makeTask } from '../task/create.ts'
import { namesOf } from './file-state.ts'
import { foldersOf } from './folders.ts'
import type { Entity } from './ground.ts'
import { textNow } from './text-now.ts'

interface Chosen {
  template: string
  variables: Record<string, unknown>
}

export const createSprintFromTemplate = mutation(sprintCommand, async (work, input) => {
  const { template, variables, tasks: wanted, project_id, id, title, ...fields } = input
  const project = await impliedProject(work.tx, project_id, { session: work.session })
  const sets = await setsOf(work, project, template)
  const code = oneOf('id', 'code', id, fields.code)
  const name = oneOf('title', 'name', title, fields.name) ?? code ?? `${project.name} Sprint`
  const sprint = await makeSprint(work, {
    ...{ ...fields, code, name, project_id: project.id },
    protocol_run_id: null,
  })
  const made = await makeTasks(
    work,
    project.id,
    wanted.map((task, index) => ({
      ...codedTask(task),
      title: task.title,
      sprint_id: sprint.id,
      board_status: 'todo' as const,
      position: (index + 1) * gap,
    })),
    'hand',
  )
  const chosen = { template, variables }
  await keepChoices(work.tx, project.id, [
    { entity_type: 'sprint', entity_id: sprint.id, ...chosen },
  ])
  const of = { project, sprint, tasks: made, chosen }
  const folder = (await foldersOf(work.tx, project)).sprint(sprint)
  const paths = filesOf(
    { type: 'sprint', id: sprint.id, folder, row: sprint, template, about: aboutSprint(of) },
    sets,
  )
  const tasks = await laidTasks(work, of, sets, paths)
  return { sprint, tasks: tasks.map(seen), files: written(project, paths) }
})

export const createTaskFromTemplate = mutation(taskCommand, async (work, input) => {
  const { sprint_id, template, variables, ...fields } = input
  const sprint = found(await findSprint(work.tx, sprint_id), 'sprint', sprint_id)
  const project = found(await findProject(work.tx, sprint.project_id), 'project', sprint.project_id)
  const sets = await setsOf(work, project, template)
  const made = await makeTask(work, {
    ...codedTask(fields),
    title: fields.title,
    project_id: project.id,
    sprint_id,
  })
  const chosen = { template, variables }
  await keepChoices(work.tx, project.id, [{ entity_type: 'task', entity_id: made.id, ...chosen }])
  const rows = await lockTasks(work.tx, [made.id])
  const paths: string[] = []
  const [task] = await laidTasks(work, { project, sprint, tasks: rows, chosen }, sets, paths)
  return { task: seen(found(task, 'task', made.id)), files: written(project, paths) }
})

/** A field that has two names. */
function oneOf<T>(other: string, field: string, one: T | undefined, same: T | undefined) {
  if (one === undefined || same === undefined || one === same) return same ?? one
  throw invalid(other, 'given_once', `is another name of ${field}: give one of the two`)
}

function codedTask<T extends { id?: string | undefined; code?: string | undefined }>(task: T) {
  const { id, ...fields } = task
  const given = Object.entries({ ...fields, code: oneOf('id', 'code', id, task.code) })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Partial<
    Omit<T, 'id'>
  >
}

/** @throws DomainError `invalid` for a set of templates that is not there, naming the nearest */
async function setsOf(work: Work, project: Project, template: string): Promise<TemplateSets> {
  const sets = new TemplateSets(await ownTemplates(work.tx, project.id))
  if (sets.names.includes(template)) return sets
  const near = sets.near(template)
  const message = `${project.slug} has no templates "${template}".${didYouMean(near)} There are ${sets.names.join(', ')}; yours are folders in delegation/.templates/, known once they were synced.`
  throw new DomainError('invalid', 'template_exists', message, {
    fields: [{ field: 'template', message }],
  })
}

interface Of {
  project: Project
  sprint: Sprint
  tasks: readonly TaskRow[]
  chosen: Chosen
}

const aboutSprint = ({ project, sprint, tasks, chosen }: Of) => ({
  project: { slug: project.slug, name: project.name },
  sprint,
  sprintRevision: '',
  variables: chosen.variables,
  tasks,
})

/**
 * Renders the files of new tasks, as their sync will: what cannot be rendered is not made at all.
 * What the template of AGENT.yml says of the agent becomes the task's own.
 */
async function laidTasks(
  work: Work,
  of: Of,
  sets: TemplateSets,
  paths: string[],
): Promise<readonly TaskRow[]> {
  const folders = await foldersOf(work.tx, of.project)
  const changes = of.tasks.flatMap((task) => {
    const { tasks: _, ...about } = aboutSprint(of)
    const entity: Entity = {
      type: 'task',
      id: task.id,
      folder: folders.task(of.sprint, task),
      row: task,
      sprint: of.sprint,
      template: of.chosen.template,
      about: { ...about, task, revision: '', dependencies: [], updates: [] },
    }
    paths.push(...filesOf(entity, sets))
    const agent_config = configOf(readAgent(textNow(entity, 'AGENT.yml', sets)))
    return Object.keys(agent_config).length === Object.keys(task.agent_config).length
      ? []
      : [{ before: task, after: { ...task, agent_config } }]
  })
  if (changes.length === 0) return of.tasks
  const saved = new Map((await changeTasks(work, changes, 'hand')).map((row) => [row.id, row]))
  return of.tasks.map((task) => saved.get(task.id) ?? task)
}

const configOf = ({ fields }: AgentReading) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => {
      const key = configKey(field)
      return key === null ? [] : [[key, value]]
    }),
  )

/** @throws DomainError `invalid` naming file, line and column of the template that is wrong */
function filesOf(entity: Entity, sets: TemplateSets): string[] {
  return namesOf(entity).map((name) => {
    try {
      textNow(entity, name, sets)
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error
      const { message } = error
      throw new DomainError('invalid', 'template_renders', `The template is wrong: ${message}.`, {
        fields: [{ field: 'template', message }],
      })
    }
    return `${entity.folder}/${name}`
  })
}

const written = (project: Project, paths: string[]) =>
  (project.settings.delegation ?? 'off') === 'off' ? [] : paths
