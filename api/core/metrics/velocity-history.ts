export interface Spread {
  sprints: number
  mean: number | null
  min: number | null
  max: number | null
  /** Of a sample (n − 1); null for fewer than two sprints. */
  standardDeviation: number | null
}

/** Velocity: the mean of what the last closed sprints completed, and how far they lie apart. */
export function velocityOver(completed: readonly number[]): Spread {
  const n = completed.length
  if (n === 0) return { sprints: 0, mean: null, min: null, max: null, standardDeviation: null }
  const mean = completed.reduce((sum, points) => sum + points, 0) / n
  const squares = completed.reduce((sum, points) => sum + (points - mean) ** 2, 0)
  return {
    sprints: n,
    mean,
    min: Math.min(...completed),
    max: Math.max(...completed),
    standardDeviation: n < 2 ? null : Math.sqrt(squares / (n - 1)),
  }
}

/** A part of what was committed; null where nothing was. */
export const shareOf = (points: number, committed: number): number | null =>
  committed === 0 ? null : points / committed
