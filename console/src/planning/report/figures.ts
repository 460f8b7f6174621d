import type { SprintReport } from '../../api/types.ts'
import { count, percent } from '../../format/words.ts'

export interface Figure {
  name: string
  value: string
  sentence: string
}

const signed = (points: number) => (points > 0 ? `+${points}` : String(points))

/** What a closed sprint's report says, one figure at a time. */
export function figuresOf(report: SprintReport): Figure[] {
  const { committed_points, completed_points, completed_initial_points } = report
  const { scope_change_points: change, carried_over_points: left, carried_over } = report
  const figures: Figure[] = [
    {
      name: 'Say/do',
      value: report.say_do === null ? '–' : percent(report.say_do),
      sentence:
        report.say_do === null
          ? 'Nothing was committed, so there is nothing to hold the work against.'
          : `Of the ${count(committed_points, 'point')} committed at the start, ${completed_initial_points} were done.`,
    },
    {
      name: 'Predictability',
      value: report.predictability === null ? '–' : percent(report.predictability),
      sentence:
        report.predictability === null
          ? 'Nothing was committed.'
          : 'Everything done, also what came in later, against the commitment.',
    },
    {
      name: 'Committed',
      value: String(committed_points),
      sentence: 'Points in the sprint when it started.',
    },
    {
      name: 'Completed',
      value: String(completed_points),
      sentence: 'Points done between start and end: the velocity of this sprint.',
    },
    {
      name: 'Scope change',
      value: signed(change),
      sentence: scopeWords(change),
    },
    {
      name: 'Carried over',
      value: String(left),
      sentence:
        carried_over.length === 0
          ? 'Nothing was left.'
          : `${count(carried_over.length, 'card')} not done at the end moved on.`,
    },
  ]
  if (report.unestimated_tasks > 0) {
    figures.push({
      name: 'Without points',
      value: String(report.unestimated_tasks),
      sentence: 'Cards that count for nothing in the figures above.',
    })
  }
  return figures
}

function scopeWords(change: number): string {
  if (change === 0) return 'What was in at the end is as much as at the start.'
  return change > 0
    ? 'Points by which it grew after the start.'
    : 'Points by which it shrank after the start.'
}
