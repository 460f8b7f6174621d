import { evidenceOf, groupBy, plainTitle, type Sign } from './evidence.ts'
import type { Evidence, Facts, RunFact, SprintFact, TaskFact } from './facts.ts'

export interface SprintMatch extends Evidence {
  run: RunFact
  sprint: SprintFact
}

/** Equal titles say something from here on: one alone may be chance. */
const titlesThatSuffice = 3
/** Of the sprints that titles alone speak for, so many of each run: more would be ambiguous anyway. */
const mostByTitles = 10

/** What a sprint holds, as far as it says whose it is. */
interface Held {
  sprint: SprintFact
  name: string
  tasks: number
  titles: ReadonlySet<string>
  /** How many of its tasks name a run, by run. */
  naming: ReadonlyMap<number, number>
}

/**
 * Every pair of a run and a sprint, neither linked yet, that anything speaks for: values that name
 * the other side, the name "<protocol> Sprint", equal titles, and dates as a help.
 */
export function sprintCandidates(facts: Facts): SprintMatch[] {
  const linked = new Set(facts.runs.map((run) => run.sprintLink))
  const tasksOf = groupBy(facts.tasks, (task) => task.sprintId)
  const held = facts.sprints
    .filter((sprint) => !linked.has(sprint.id))
    .map((sprint) => heldBy(sprint, tasksOf.get(sprint.id) ?? []))
  const byId = new Map(held.map((it) => [it.sprint.id, it]))
  const byName = groupBy(held, (it) => it.name)
  const entries = <K>(keysOf: (it: Held) => Iterable<K>) =>
    groupBy(
      held.flatMap((it) => [...keysOf(it)].map((key) => ({ key, it }))),
      (entry) => entry.key,
    )
  const byRun = entries((it) => it.naming.keys())
  const byTitle = entries((it) => it.titles)
  const stepsOf = groupBy(facts.steps, (step) => step.runId)

  return facts.runs
    .filter((run) => run.sprintLink === null)
    .flatMap((run) => {
      const titles = new Set((stepsOf.get(run.id) ?? []).map((step) => plainTitle(step.name)))
      const same = new Map<Held, number>()
      for (const title of titles) {
        for (const { it } of byTitle.get(title) ?? []) same.set(it, (same.get(it) ?? 0) + 1)
      }
      const alike = [...same].sort(([, one], [, other]) => other - one).map(([it]) => it)
      const claimed = run.sprintClaim === null ? undefined : byId.get(run.sprintClaim)
      const found = new Set([
        ...(claimed ? [claimed] : []),
        ...(byName.get(nameOfSprint(run)) ?? []),
        ...(byRun.get(run.id) ?? []).map(({ it }) => it),
        ...alike.slice(0, mostByTitles),
      ])
      return [...found].flatMap((it) => {
        const signs = signsOf(run, it, same.get(it) ?? 0, titles.size)
        return signs.length > 0 ? [{ run, sprint: it.sprint, ...evidenceOf(signs) }] : []
      })
    })
}

const nameOfSprint = (run: Pick<RunFact, 'name'>) => plainTitle(`${run.name} Sprint`)

function heldBy(sprint: SprintFact, tasks: readonly TaskFact[]): Held {
  const naming = groupBy(tasks, (task) => task.runId)
  return {
    sprint,
    name: plainTitle(sprint.name),
    tasks: tasks.length,
    titles: new Set(tasks.map((task) => plainTitle(task.title)).filter((title) => title !== '')),
    naming: new Map([...naming].map(([run, ofRun]) => [run, ofRun.length])),
  }
}

/** `same` of the `steps` titles of the run are titles of tasks in the sprint. */
function signsOf(run: RunFact, held: Held, same: number, steps: number): Sign[] {
  const { sprint } = held
  const signs: Sign[] = []
  if (run.sprintClaim === sprint.id) {
    signs.push({ weight: 0.95, says: `the run names sprint ${sprint.id}` })
  }
  const naming = [...held.naming.values()].reduce((sum, count) => sum + count, 0)
  const ours = held.naming.get(run.id) ?? 0
  if (ours > 0) {
    const says = `${ours} of its ${held.tasks} tasks name run ${run.id}`
    signs.push({ weight: (0.9 * ours) / naming, says })
  }
  // Its tasks speak for another run: a name or titles weigh nothing against that.
  if (naming > ours * 2) return signs
  if (held.name === nameOfSprint(run)) {
    signs.push({ weight: 0.6, says: `it is called "${sprint.name}"` })
  }
  if (same > 0) {
    const weight = 0.7 * (same / steps) * Math.min(1, same / titlesThatSuffice)
    signs.push({ weight, says: `${same} of ${steps} steps have the title of a task` })
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
