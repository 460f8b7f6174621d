import type { ProjectVelocity, Task } from '../api/types.ts'
import { count } from '../format/words.ts'

export interface Planned {
  points: number
  cards: number
  unestimated: number
}

/** What a sprint would commit to if it started now: skipped and archived cards do not count. */
export function plannedOf(tasks: readonly Task[]): Planned {
  const counted = tasks.filter((task) => task.board_status !== 'archived' && !task.skipped)
  return {
    points: counted.reduce((sum, task) => sum + (task.story_points ?? 0), 0),
    cards: counted.length,
    unestimated: counted.filter((task) => task.story_points === null).length,
  }
}

type Past = Pick<ProjectVelocity, 'sprints_counted' | 'mean' | 'min' | 'max' | 'standard_deviation'>

export interface Verdict {
  /** “34 of about 30 ± 6 points”. */
  amount: string
  /** “more than in any of the last 3 sprints”; null where nothing can be said. */
  judgement: string | null
  over: boolean
}

const round = (value: number) => Math.round(value)

/** A plan held against what the last closed sprints completed, in words. */
export function verdictOn(planned: Planned, past: Past, capacity: number | null): Verdict {
  const { points } = planned
  const { mean, min, max, standard_deviation, sprints_counted: n } = past
  const tooMuch = capacity !== null && points > capacity
  const against = capacity === null ? [] : [capacityWords(points, capacity)]
  if (mean === null || min === null || max === null) {
    return {
      amount: count(points, 'point'),
      judgement: against[0] ?? 'no closed sprint yet to compare with',
      over: tooMuch,
    }
  }
  const spread = standard_deviation === null ? '' : ` ± ${round(standard_deviation)}`
  return {
    amount: `${points} of about ${round(mean)}${spread} points`,
    judgement: [pastWords(points, { mean, min, max, n }), ...against].join('; '),
    over: tooMuch || points > max,
  }
}

function pastWords(
  points: number,
  { mean, min, max, n }: { mean: number; min: number; max: number; n: number },
): string {
  const last = n === 1 ? 'in the last sprint' : `in any of the last ${n} sprints`
  if (points === 0) return 'nothing planned yet'
  if (points > max) return `more than ${last}`
  if (points < min) return `less than ${last}`
  if (n === 1) return 'as much as in the last sprint'
  return points > mean ? 'a full plan, yet one you have managed' : 'within what you have managed'
}

function capacityWords(points: number, capacity: number): string {
  if (points > capacity) return `${points - capacity} over the capacity of ${capacity}`
  return points === capacity
    ? `at the capacity of ${capacity}`
    : `${capacity - points} left of the capacity of ${capacity}`
}
