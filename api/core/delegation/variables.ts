import type { Sprint } from '../entities/sprint.ts'
import type { Task } from '../entities/task.ts'
import { oneLine } from '../one-line.ts'
import { listItem, sectionText } from './markdown-text.ts'

/** A task, or what it waits for, in a list. */
export type Listed = Pick<Task, 'code' | 'title' | 'board_status' | 'story_points'>

/** Everything that files of an entity tell. */
export interface About {
  project: { slug: string; name: string }
  sprint: Sprint
  /** Hash of its newest revision. */
  sprintRevision: string
  /** Given when it was made from a template. */
  variables: Readonly<Record<string, unknown>>
}
export interface AboutTask extends About {
  task: Task
  revision: string
  dependencies: readonly Listed[]
  updates: readonly { at: string; who: string; text: string }[]
}
export interface AboutSprint extends About {
  /** Those that are not archived, in their order. */
  tasks: readonly Listed[]
}

const listed = (task: Listed) => ({
  code: task.code,
  title: oneLine(task.title),
  status: task.board_status,
  points: task.story_points,
  mark: task.board_status === 'done' ? 'x' : ' ',
})

const common = ({ project, sprint, variables }: About) => ({
  project: { slug: project.slug, name: oneLine(project.name) },
  variables,
  sprint: {
    code: sprint.code,
    name: oneLine(sprint.name),
    goal: sectionText(sprint.goal ?? ''),
    status: sprint.status,
    start_date: sprint.start_date,
    end_date: sprint.end_date,
    velocity_planned: sprint.velocity_planned,
  },
})

/** What SPRINT.md may name. Texts are such that none leaves the place it is put into. */
export function sprintVariables(about: AboutSprint) {
  const done = about.tasks.filter((task) => task.board_status === 'done').length
  return {
    ...common(about),
    revision: about.sprintRevision,
    tasks: about.tasks.map(listed),
    progress: `${done} of ${about.tasks.length} done.`,
  }
}

/** What TASK.md may name. */
export function taskVariables(about: AboutTask) {
  const { task } = about
  return {
    ...common(about),
    revision: about.revision,
    sprint_revision: about.sprintRevision,
    dependencies: about.dependencies.map(listed),
    updates: about.updates.map((it) => ({ ...it, who: oneLine(it.who), text: listItem(it.text) })),
    task: {
      ...listed(task),
      type: task.type,
      priority: task.priority,
      assignee: task.assignee === null ? null : oneLine(task.assignee),
      due_date: task.due_date,
      description: sectionText(task.description),
      labels: task.labels.map(oneLine),
      objectives: task.objectives.map(listItem),
      deliverables: task.deliverables.map(listItem),
      acceptance_criteria: task.acceptance_criteria.map(listItem),
    },
  }
}

/** What AGENT.yml may name: the same, as it is, since values are written as JSON there. */
export function agentVariables(about: AboutTask) {
  const { task, sprint } = about
  const variables = taskVariables(about)
  return {
    ...variables,
    sprint: { ...variables.sprint, name: sprint.name, goal: sprint.goal },
    task: {
      ...variables.task,
      title: task.title,
      assignee: task.assignee,
      description: task.description,
      labels: task.labels,
      objectives: task.objectives,
      deliverables: task.deliverables,
      acceptance_criteria: task.acceptance_criteria,
    },
  }
}
