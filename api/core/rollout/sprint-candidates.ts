import { evidenceOf, groupBy, plainTitle, type Sign } from './evidence.ts'
import type { Evidence, Facts, RunFact, SprintFact, TaskFact } from './facts.ts'

export interface SprintMatch extends Evidence {
  run: RunFact
  sprint: SprintFact
}

/** Equal titles say something from here on: one alone may be chance. */
const titlesThatSuffice = 3

/**
 * Every pair of a run and a sprint, neither linked yet, that anything speaks for: values that name
 * the other side, the name "<protocol> Sprint", equal titles, and dates as a help.
 */
export function sprintCandidates(facts: Facts): SprintMatch[] {
  const linked = new Set(facts.runs.map((run) => run.sprintLink))
  const sprints = facts.sprints.filter((sprint) => !linked.has(sprint.id))
  const byId = new Map(sprints.map((sprint) => [sprint.id, sprint]))
  const byName = groupBy(sprints, (sprint) => plainTitle(sprint.name))
  const placed = facts.tasks.filter((task) => task.sprintId !== null && byId.has(task.sprintId))
  const tasksOfSprint = groupBy(placed, (task) => task.sprintId)
  const tasksOfRun = groupBy(placed, (task) => task.runId)
  const tasksByTitle = groupBy(placed, (task) => plainTitle(task.title) || null)
  const stepsOfRun = groupBy(facts.steps, (step) => step.runId)

  return facts.runs
    .filter((run) => run.sprintLink === null)
    .flatMap((run) => {
      const titles = new Set((stepsOfRun.get(run.id) ?? []).map((step) => plainTitle(step.name)))
      const found = new Set<number | null>([
        run.sprintClaim,
        ...(byName.get(nameOfSprint(run)) ?? []).map((sprint) => sprint.id),
        ...(tasksOfRun.get(run.id) ?? []).map((task) => task.sprintId),
        ...[...titles].flatMap((title) => tasksByTitle.get(title) ?? []).map((it) => it.sprintId),
      ])
      return [...found].flatMap((id) => {
        const sprint = id === null ? undefined : byId.get(id)
        if (!sprint) return []
        const signs = signsOf(run, sprint, titles, tasksOfSprint.get(sprint.id) ?? [])
        return signs.length > 0 ? [{ run, sprint, ...evidenceOf(signs) }] : []
      })
    })
}

export const nameOfSprint = (run: Pick<RunFact, 'name'>) => plainTitle(`${run.name} Sprint`)

function signsOf(
  run: RunFact,
  sprint: SprintFact,
  titles: ReadonlySet<string>,
  tasks: readonly TaskFact[],
): Sign[] {
  const signs: Sign[] = []
  if (run.sprintClaim === sprint.id) {
    signs.push({ weight: 0.95, says: `the run names sprint ${sprint.id}` })
  }
  const naming = tasks.filter((task) => task.runId !== null)
  const ours = naming.filter((task) => task.runId === run.id).length
  if (ours > 0) {
    const says = `${ours} of its ${tasks.length} tasks name run ${run.id}`
    signs.push({ weight: (0.9 * ours) / naming.length, says })
  }
  // Its tasks speak for another run: a name or titles weigh nothing against that.
  if (naming.length > ours * 2) return signs
  if (plainTitle(sprint.name) === nameOfSprint(run)) {
    signs.push({ weight: 0.6, says: `it is called "${sprint.name}"` })
  }
  const same = new Set(tasks.map((it) => plainTitle(it.title)).filter((it) => titles.has(it))).size
  if (same > 0) {
    const weight = 0.7 * (same / titles.size) * Math.min(1, same / titlesThatSuffice)
    signs.push({ weight, says: `${same} of ${titles.size} steps have the title of a task` })
  }
  if (signs.length > 0 && within(run.createdAt, sprint)) {
    signs.push({ weight: 0.15, says: 'the run was made within the sprint’s dates' })
  }
  return signs
}

const within = (moment: string | null, { start, end }: SprintFact) =>
  moment !== null &&
  start !== null &&
  end !== null &&
  Date.parse(moment) >= Date.parse(start) &&
  Date.parse(moment) <= Date.parse(end)
