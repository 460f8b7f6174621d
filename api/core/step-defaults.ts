import type { Priority } from './entities/task.ts'

/** Story points by type of work, where neither the step nor a person says. */
const pointsByType: Readonly<Record<string, number>> = {
  setup: 1,
  implementation: 5,
  testing: 3,
  documentation: 2,
  deployment: 3,
}
const otherwise = 3

/** Whole story points, at least 1; never taken from a number in a title. */
export const defaultPoints = (stepType: string | null): number =>
  pointsByType[stepType?.toLowerCase() ?? ''] ?? otherwise

/** Priority by place in the plan (0 = first): one high, two medium, the rest low. */
export function defaultPriority(stepIndex: number): Priority {
  if (stepIndex === 0) return 'high'
  return stepIndex <= 2 ? 'medium' : 'low'
}
