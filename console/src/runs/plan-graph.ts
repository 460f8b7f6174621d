export interface GraphStep {
  id: number
  depends_on: readonly number[]
}
export interface Placed<T> {
  step: T
  /** How many steps must come before it, one after the other. */
  column: number
  row: number
}

/** Where each step stands: one column further than the last of what it waits for. */
export function placeSteps<T extends GraphStep>(steps: readonly T[]): Placed<T>[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const columns = new Map<number, number>()
  const columnOf = (step: T, seen: ReadonlySet<number>): number => {
    const known = columns.get(step.id)
    if (known !== undefined) return known
    const before = step.depends_on.flatMap((id) => {
      const other = byId.get(id)
      return other && !seen.has(id) ? [columnOf(other, new Set([...seen, id]))] : []
    })
    const column = before.length === 0 ? 0 : 1 + Math.max(...before)
    columns.set(step.id, column)
    return column
  }
  const used = new Map<number, number>()
  return steps.map((step) => {
    const column = columnOf(step, new Set([step.id]))
    const row = used.get(column) ?? 0
    used.set(column, row + 1)
    return { step, column, row }
  })
}
