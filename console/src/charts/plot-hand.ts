import type uPlot from 'uplot'
import { closest } from './lines.ts'
import type { Latest, Stops } from './plot-props.ts'
import { stopAfter } from './stop-after.ts'

/** Moves the cursor by pointer and keys; the plotting area is what both act on. */
export function followHand(plot: uPlot, latest: Latest): AbortController {
  const ending = new AbortController()
  const { signal } = ending
  const { over } = plot
  let focused = false
  const stopAt = ({ clientX, clientY }: MouseEvent): number | null => {
    const { left, top } = over.getBoundingClientRect()
    const { stops } = latest.current
    if (stops.dots) return nearestDot(plot, stops, clientX - left, clientY - top)
    return closest(stops.x, plot.posToVal(clientX - left, 'x'))
  }
  const point = (event: PointerEvent) => latest.current.onCursor(stopAt(event))
  over.addEventListener('pointermove', point, { signal })
  over.addEventListener('pointerdown', point, { signal })
  over.addEventListener(
    'pointerleave',
    () => {
      if (!focused) latest.current.onCursor(null)
    },
    { signal },
  )
  over.addEventListener(
    'click',
    (event) => {
      const index = stopAt(event)
      if (index !== null) latest.current.onPick?.(index)
    },
    { signal },
  )
  over.addEventListener(
    'focus',
    () => {
      focused = true
      const { cursor, stops, onCursor } = latest.current
      if (cursor === null && stops.x.length > 0) onCursor(stops.x.length - 1)
    },
    { signal },
  )
  over.addEventListener(
    'blur',
    () => {
      focused = false
      latest.current.onCursor(null)
    },
    { signal },
  )
  over.addEventListener(
    'keydown',
    (event) => {
      const { cursor, stops, onCursor, onPick } = latest.current
      const at = cursor ?? stops.x.length - 1
      if (event.key === 'Enter' && onPick && at >= 0) {
        event.preventDefault()
        onPick(at)
        return
      }
      const next = stopAfter(event.key, at, stops.x.length)
      if (next === null || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      onCursor(next)
    },
    { signal },
  )
  return ending
}

function nearestDot(plot: uPlot, { x, marks }: Stops, left: number, top: number): number | null {
  let found: number | null = null
  let least = Number.POSITIVE_INFINITY
  for (const [index, value] of x.entries()) {
    const [y = null] = marks(index)
    if (y === null) continue
    const away = Math.hypot(plot.valToPos(value, 'x') - left, plot.valToPos(y, 'y') - top)
    if (away >= least) continue
    least = away
    found = index
  }
  return found
}
