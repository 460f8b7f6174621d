import type uPlot from 'uplot'
import type { PlotProps } from './plot-props.ts'

type Told = Pick<PlotProps, 'title' | 'stops' | 'cursor'>

/** Puts into words where the cursor stands: the plotting area is a slider over the stops. */
export function tellCursor({ over }: uPlot, { title, stops, cursor }: Told): void {
  const last = stops.x.length - 1
  const at = cursor ?? last
  over.tabIndex = last < 0 ? -1 : 0
  const attributes = {
    role: 'slider',
    'aria-label': `Values of ${title}`,
    'aria-valuemin': '0',
    'aria-valuemax': String(Math.max(0, last)),
    'aria-valuenow': String(Math.max(0, at)),
    'aria-valuetext': at < 0 ? 'no values' : stops.text(at),
  }
  for (const [name, value] of Object.entries(attributes)) over.setAttribute(name, value)
}

/** Shows where it stands: a line, and a dot on each value. */
export function placeCursor(plot: uPlot, { stops, cursor }: Told): void {
  const { over } = plot
  for (const old of over.querySelectorAll('.plot-cursor, .plot-mark')) old.remove()
  if (cursor === null) return
  const left = plot.valToPos(stops.x[cursor] ?? 0, 'x')
  const put = (className: string, top: number) => {
    const element = over.appendChild(document.createElement('span'))
    element.className = className
    element.style.translate = `${left}px ${top}px`
  }
  if (!stops.dots) put('plot-cursor', 0)
  for (const value of stops.marks(cursor)) {
    if (value !== null) put('plot-mark', plot.valToPos(value, 'y'))
  }
}
