import { invalid } from './errors.ts'

interface Named {
  step_name: string
  depends_on: readonly string[]
}

/**
 * Checks a plan as a whole: names are unique, dependencies name steps of the plan, and nothing
 * waits for itself. Linear in steps and dependencies.
 * @throws DomainError `invalid`, naming the step by its place
 */
export function checkPlan(steps: readonly Named[]): void {
  const byName = new Map<string, number>()
  steps.forEach((step, index) => {
    if (byName.has(step.step_name)) {
      throw invalid(
        `steps.${index}.step_name`,
        'step_name_unique_in_run',
        `"${step.step_name}" is used twice; give each step its own name`,
      )
    }
    byName.set(step.step_name, index)
  })
  const waitingFor = steps.map((step, index) => {
    for (const [place, name] of step.depends_on.entries()) {
      if (!byName.has(name) || name === step.step_name) {
        throw invalid(
          `steps.${index}.depends_on.${place}`,
          'dependency_exists',
          name === step.step_name
            ? `"${name}" cannot depend on itself`
            : `there is no step "${name}" in this plan`,
        )
      }
    }
    return new Set(step.depends_on).size
  })
  refuseCycle(steps, byName, waitingFor)
}

function refuseCycle(
  steps: readonly Named[],
  byName: ReadonlyMap<string, number>,
  waitingFor: number[],
): void {
  const dependants = steps.map((): number[] => [])
  steps.forEach((step, index) => {
    for (const name of new Set(step.depends_on)) dependants[byName.get(name) ?? -1]?.push(index)
  })
  const ready = waitingFor.flatMap((count, index) => (count === 0 ? [index] : []))
  for (const index of ready) {
    for (const dependant of dependants[index] ?? []) {
      const left = (waitingFor[dependant] ?? 0) - 1
      waitingFor[dependant] = left
      if (left === 0) ready.push(dependant)
    }
  }
  const stuck = waitingFor.findIndex((count) => count > 0)
  if (ready.length < steps.length) {
    throw invalid(
      `steps.${stuck}.depends_on`,
      'no_dependency_cycle',
      `"${steps[stuck]?.step_name}" would wait for itself; break the circle of dependencies`,
    )
  }
}
