import { useState } from 'react'
import { closest } from './lines.ts'

/**
 * The stop that the cursor stands on. It is kept by its place on x, and by its key where places
 * are shared, so that it stays where it is when the values are read again.
 */
export function useCursor(x: readonly number[], keys?: readonly number[]) {
  const [stop, setStop] = useState<{ x: number; key: number | undefined } | null>(null)
  const byKey = stop?.key === undefined ? -1 : (keys?.indexOf(stop.key) ?? -1)
  const cursor = stop === null ? null : byKey >= 0 ? byKey : closest(x, stop.x)
  const onCursor = (index: number | null) => {
    const place = index === null ? undefined : x[index]
    setStop(index === null || place === undefined ? null : { x: place, key: keys?.[index] })
  }
  return { cursor, onCursor }
}
