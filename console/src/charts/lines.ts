/** Index of the last of these ascending values that is not greater; -1 before the first. */
export function indexAt(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Index of the closest of these ascending values; null where there is none. */
export function closest(values: readonly number[], value: number): number | null {
  if (values.length === 0) return null
  const before = Math.max(0, indexAt(values, value))
  const after = Math.min(before + 1, values.length - 1)
  const distance = (index: number) => Math.abs((values[index] ?? 0) - value)
  return distance(after) < distance(before) ? after : before
}

export interface Vertex {
  at: number
  value: number
}

/** A line straight between its vertices, at a moment; null outside of it. */
export function straightAt(line: readonly Vertex[], at: number): number | null {
  const index = indexAt(
    line.map((it) => it.at),
    at,
  )
  const from = line[index]
  if (from === undefined) return null
  const to = line[index + 1]
  if (to === undefined) return at === from.at ? from.value : null
  return from.value + ((to.value - from.value) * (at - from.at)) / (to.at - from.at)
}

/** When a falling line reaches a value first; null if it never falls so low. */
export function reachedAt(line: readonly Vertex[], value: number): number | null {
  const index = line.findIndex((it) => it.value <= value)
  const to = line[index]
  if (to === undefined) return null
  const from = line[index - 1]
  if (from === undefined || from.value === to.value) return to.at
  return from.at + ((from.value - value) / (from.value - to.value)) * (to.at - from.at)
}

/** All moments of several lists, each once, in order. */
export const mergedTimes = (...lists: readonly (readonly number[])[]): number[] =>
  [...new Set(lists.flat())].sort((a, b) => a - b)

/** Adds up what lies closer together than `gap`, so that marks do not cover one another. */
export function mergedMarks<T extends { at: number; points: number }>(
  changes: readonly T[],
  place: (at: number) => number,
  gap: number,
): { at: number; points: number }[] {
  const marks: { at: number; points: number }[] = []
  for (const { at, points } of changes) {
    const last = marks.at(-1)
    if (last && place(at) - place(last.at) < gap) last.points += points
    else marks.push({ at, points })
  }
  return marks
}
