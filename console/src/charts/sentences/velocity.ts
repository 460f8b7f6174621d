import type { ProjectVelocity } from '../../api/types.ts'
import { percent } from '../../format/words.ts'
import { figure, points } from './amounts.ts'

export function velocitySentence({
  sprints_counted: counted,
  mean,
  min,
  max,
  sprints,
}: ProjectVelocity): string {
  if (mean === null || min === null || max === null) {
    return 'No sprint has been completed yet: velocity needs one.'
  }
  const say = sprints.at(-1)?.say_do ?? null
  const kept = say === null ? '' : `; the latest kept ${percent(say)} of what it had committed to`
  return counted === 1
    ? `The only closed sprint completed ${points(mean)}${kept}; from two on there is a spread.`
    : `The last ${counted} closed sprints completed ${points(mean)} on average, between ${figure(min)} and ${figure(max)}${kept}.`
}
