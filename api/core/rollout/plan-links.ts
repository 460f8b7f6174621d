import { groupBy } from './evidence.ts'
import type { Alone, Facts, RunFact, SprintFact, TaskFact } from './facts.ts'
import { matchSprints } from './match-sprints.ts'
import { matchTasks, type TaskMatch } from './match-tasks.ts'

export interface PlannedLink {
  run: RunFact
  sprint: SprintFact
  /** 1 for a link that is there already, whose tasks alone are to be linked. */
  confidence: number
  because: string[]
  tasks: TaskMatch[]
}

/**
 * What to link to what, and why, and what is left alone, and why. Pure: the same facts make the
 * same plan. Tasks are sought in the sprint of their run, and among those that name the run.
 */
export function planLinks(facts: Facts): { links: PlannedLink[]; alone: Alone[] } {
  const { matches, alone } = matchSprints(facts)
  const sprintById = new Map(facts.sprints.map((sprint) => [sprint.id, sprint]))
  const standing = facts.runs.flatMap((run) => {
    const sprint = run.sprintLink === null ? undefined : sprintById.get(run.sprintLink)
    return sprint ? [{ run, sprint, confidence: 1, because: ['they are linked already'] }] : []
  })
  const stepsOfRun = groupBy(facts.steps, (step) => step.runId)
  const tasksOfSprint = groupBy(facts.tasks, (task) => task.sprintId)
  const tasksOfRun = groupBy(facts.tasks, (task) => task.runId)
  const links = [...matches, ...standing].map((link): PlannedLink => {
    const own = (task: TaskFact) => task.runId === null || task.runId === link.run.id
    const cards = new Set([
      ...(tasksOfSprint.get(link.sprint.id) ?? []).filter(own),
      ...(tasksOfRun.get(link.run.id) ?? []),
    ])
    const found = matchTasks(stepsOfRun.get(link.run.id) ?? [], [...cards])
    // Cards made by hand in a sprint that is linked already are nobody's question.
    if (link.run.sprintLink === null) alone.push(...found.alone)
    return { ...link, tasks: found.matches }
  })
  return {
    links: links
      .filter((it) => it.run.sprintLink === null || it.tasks.length > 0)
      .sort((one, other) => one.run.id - other.run.id),
    alone: alone.sort((a, b) => order[a.table] - order[b.table] || a.id - b.id),
  }
}

const order = { sprints: 0, protocol_runs: 1, tasks: 2, step_runs: 3 }
