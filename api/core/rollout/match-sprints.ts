import { groupBy, plainTitle } from './evidence.ts'
import type { Alone, Evidence, Facts } from './facts.ts'
import { type SprintMatch, sprintCandidates } from './sprint-candidates.ts'

/** Below this nothing is linked; matches that are closer than `margin` are ambiguous. */
const enough = 0.55
const margin = 0.1

/** Which run belongs to which sprint, one to one. What could be either is left alone, and why. */
export function matchSprints(facts: Facts): { matches: SprintMatch[]; alone: Alone[] } {
  const { candidates, duplicates } = withoutEmptyDuplicates(facts, sprintCandidates(facts))
  const matches: SprintMatch[] = []
  const ambiguous: SprintMatch[] = []
  const used = new Set<string>()
  const free = (it: SprintMatch) =>
    !used.has(`run ${it.run.id}`) && !used.has(`sprint ${it.sprint.id}`)
  const use = (it: SprintMatch) => used.add(`run ${it.run.id}`).add(`sprint ${it.sprint.id}`)

  const ofRun = groupBy(candidates, (it) => it.run.id)
  const ofSprint = groupBy(candidates, (it) => it.sprint.id)
  for (const best of candidates.filter((it) => it.confidence >= enough)) {
    if (!free(best)) continue
    const near = [...(ofRun.get(best.run.id) ?? []), ...(ofSprint.get(best.sprint.id) ?? [])]
    const rivals = near.filter(
      (it) => it !== best && free(it) && it.confidence > best.confidence - margin,
    )
    if (rivals.length === 0) matches.push(best)
    else ambiguous.push(best, ...rivals)
    for (const it of [best, ...rivals]) use(it)
  }
  const told = new Set(duplicates.map((it) => it.id))
  const others = reasons(facts, candidates, matches, ambiguous).filter(
    (it) => it.table !== 'sprints' || !told.has(it.id),
  )
  return { matches, alone: [...duplicates, ...others] }
}

/**
 * A creation that failed and was tried again left empty sprints of one name: the one with tasks, or
 * else the first, stands for them.
 */
function withoutEmptyDuplicates(facts: Facts, all: readonly SprintMatch[]) {
  const filled = new Set(facts.tasks.map((task) => task.sprintId))
  const duplicates = new Map<number, Alone>()
  const alike = groupBy(all, (it) => `${it.run.id} ${plainTitle(it.sprint.name)}`)
  for (const ofName of alike.values()) {
    const [original] = [...ofName].sort(
      (one, other) =>
        Number(filled.has(other.sprint.id)) - Number(filled.has(one.sprint.id)) ||
        one.sprint.id - other.sprint.id,
    )
    for (const { run, sprint } of ofName) {
      if (!original || sprint === original.sprint || filled.has(sprint.id)) continue
      if (run.sprintClaim === sprint.id) continue
      const why = `An empty duplicate of sprint ${original.sprint.id}.`
      duplicates.set(sprint.id, {
        ...{ table: 'sprints', id: sprint.id, name: sprint.name, why },
        duplicateOf: original.sprint.id,
      })
    }
  }
  const candidates = all
    .filter((it) => !duplicates.has(it.sprint.id))
    .sort((a, b) => b.confidence - a.confidence || a.run.id - b.run.id || a.sprint.id - b.sprint.id)
  return { candidates, duplicates: [...duplicates.values()] }
}

/** Why each run and each sprint that is in no match, and has no link, is left alone. */
function reasons(
  facts: Facts,
  candidates: readonly SprintMatch[],
  matches: readonly SprintMatch[],
  ambiguous: readonly SprintMatch[],
): Alone[] {
  const linked = new Set(facts.runs.map((run) => run.sprintLink))
  const sprints = facts.sprints.filter((it) => !linked.has(it.id))
  const runs = facts.runs.filter((it) => it.sprintLink === null)
  const of = (
    table: 'sprints' | 'protocol_runs',
    one: 'sprint' | 'run',
    other: 'sprint' | 'run',
  ) => {
    const settled = new Set(matches.map((it) => it[one].id))
    const unclear = groupBy(ambiguous, (it) => it[one].id)
    const possible = groupBy(candidates, (it) => it[one].id)
    return (one === 'sprint' ? sprints : runs)
      .filter((it) => !settled.has(it.id))
      .map(({ id, name }): Alone => {
        const names = unclear.get(id)?.map((it) => `${other} ${it[other].id}`)
        const [best] = possible.get(id) ?? []
        return {
          table,
          id,
          name,
          why: whyAlone(other, names, best && { ...best, id: best[other].id }),
        }
      })
  }
  return [...of('sprints', 'sprint', 'run'), ...of('protocol_runs', 'run', 'sprint')]
}

function whyAlone(
  other: string,
  unclear: readonly string[] | undefined,
  best: (Evidence & { id: number }) | undefined,
): string {
  if (unclear) {
    return `Ambiguous: ${[...new Set(unclear)].join(' and ')} match about as well as others do; link one by hand.`
  }
  if (!best) return `No ${other} names it, is called like it, or has its titles.`
  return best.confidence < enough
    ? `Perhaps ${other} ${best.id}, but too little says so (${best.confidence}): ${best.because.join('; ')}.`
    : `Taken: ${other} ${best.id} has a better match.`
}
