import { createHash } from 'node:crypto'
import { namedBy } from '../../core/delegation/paths.ts'
import type { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { AboutSprint, AboutTask } from '../../core/delegation/variables.ts'
import type { Project } from '../../core/entities/project.ts'
import type { Sprint } from '../../core/entities/sprint.ts'
import type { Task } from '../../core/entities/task.ts'
import type { Db } from '../../store/database.ts'
import {
  headHashes,
  neededBy,
  sprintsWithFiles,
  tasksWithFiles,
  templateChoices,
} from '../../store/delegation-files.ts'
import { statusUpdatesOf } from '../../store/status-updates.ts'
import { foldersOf } from './folders.ts'

export const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')

/** A sprint or task whose files are kept, with everything that they tell. */
export type Entity =
  | (Kept & { type: 'sprint'; row: Sprint; about: AboutSprint })
  | (Kept & { type: 'task'; row: Task; sprint: Sprint; about: AboutTask })

interface Kept {
  id: number
  /** Where its files are. */
  folder: string
  template: string
}

export interface Ground {
  project: Project
  sets: TemplateSets
  entities: Entity[]
}

/** Status updates that TASK.md shows of a task. */
const newestUpdates = 20

/**
 * Everything that files of a project are made of: its open sprints, and those that have a folder
 * among the paths. A statement per kind of row, however many there are.
 */
export async function readGround(
  db: Db,
  project: Project,
  paths: readonly string[],
  sets: TemplateSets,
): Promise<Ground> {
  const codes = new Set(paths.flatMap((path) => namedBy(path)?.sprint ?? []))
  const sprints = await sprintsWithFiles(db, project.id, [...codes])
  const sprintIds = sprints.map((it) => it.id)
  const tasks = await tasksWithFiles(db, sprintIds)
  const taskIds = tasks.map((it) => it.id)
  const folders = await foldersOf(db, project)
  const heads = {
    sprint: await headHashes(db, 'sprint', sprintIds),
    task: await headHashes(db, 'task', taskIds),
  }
  const needed = grouped(await neededBy(db, taskIds))
  const updates = grouped(await statusUpdatesOf(db, taskIds, newestUpdates))
  const choices = new Map(
    (await templateChoices(db, project.id)).map((it) => [`${it.entity_type} ${it.entity_id}`, it]),
  )
  const bySprint = new Map(sprints.map((it) => [it.id, it]))
  const tasksOf = new Map<number, Task[]>(sprintIds.map((id) => [id, []]))
  for (const task of tasks) tasksOf.get(task.sprint_id ?? 0)?.push(task)

  const aboutSprint = (sprint: Sprint) => ({
    project: { slug: project.slug, name: project.name },
    sprint,
    sprintRevision: heads.sprint.get(sprint.id) ?? '',
  })
  const entities: Entity[] = []
  for (const sprint of sprints) {
    const choice = choices.get(`sprint ${sprint.id}`)
    const template = choice?.template ?? 'default'
    const variables = choice?.variables ?? {}
    entities.push({
      type: 'sprint',
      id: sprint.id,
      folder: folders.sprint(sprint),
      row: sprint,
      template,
      about: { ...aboutSprint(sprint), variables, tasks: tasksOf.get(sprint.id) ?? [] },
    })
  }
  for (const task of tasks) {
    const sprint = bySprint.get(task.sprint_id ?? 0)
    if (!sprint) continue
    const choice = choices.get(`task ${task.id}`) ?? choices.get(`sprint ${sprint.id}`)
    entities.push({
      type: 'task',
      id: task.id,
      folder: folders.task(sprint, task),
      row: task,
      sprint,
      template: choice?.template ?? 'default',
      about: {
        ...aboutSprint(sprint),
        variables: choice?.variables ?? {},
        task,
        revision: heads.task.get(task.id) ?? '',
        dependencies: needed.get(task.id) ?? [],
        updates: (updates.get(task.id) ?? []).map((it) => ({
          at: it.created_at,
          who: it.agent ?? it.actor,
          text: [it.status, it.reason, it.note].filter((part) => part !== null).join(': '),
        })),
      },
    })
  }
  return { project, sets, entities }
}

function grouped<T extends { task_id: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.task_id)
    if (group) group.push(row)
    else groups.set(row.task_id, [row])
  }
  return groups
}
