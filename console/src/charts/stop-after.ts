/** The stop that a key leads to; null for every other key, and where there is no stop. */
export function stopAfter(key: string, at: number, stops: number): number | null {
  const far = Math.max(1, Math.round(stops / 10))
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - far,
    PageUp: at + far,
    Home: 0,
    End: stops - 1,
  }
  const next = steps[key]
  return next === undefined || stops === 0 ? null : Math.min(Math.max(next, 0), stops - 1)
}
