import uPlot from 'uplot'
import type { Ink, Token } from './ink.ts'

/** Draws on a plot's canvas, by values of its scales. Lengths are CSS pixels. */
export interface Pen {
  ctx: CanvasRenderingContext2D
  ink: Ink
  /** Device pixels per CSS pixel. */
  ratio: number
  /** A value's place on the canvas, in device pixels. */
  x: (value: number) => number
  y: (value: number) => number
  box: uPlot.BBox
}
export type Drawing = (pen: Pen) => void

export const penOf = (plot: uPlot, ink: Ink): Pen => ({
  ctx: plot.ctx,
  ink,
  ratio: uPlot.pxRatio,
  x: (value) => plot.valToPos(value, 'x', true),
  y: (value) => plot.valToPos(value, 'y', true),
  box: plot.bbox,
})

/** Draws within the plotting area, and leaves the canvas as it was. */
export function within({ ctx, box }: Pen, draw: () => void): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.left, box.top, box.width, box.height)
  ctx.clip()
  draw()
  ctx.restore()
}

/** Shades the area between two values of x, over its whole height. */
export function shade(pen: Pen, from: number, to: number, colour: Token): void {
  const { ctx, ink, box } = pen
  within(pen, () => {
    ctx.fillStyle = ink.colours[colour]
    ctx.fillRect(pen.x(from), box.top, pen.x(to) - pen.x(from), box.height)
  })
}

interface LineLook {
  colour: Token
  dash?: readonly number[]
  label?: string
}

/** A line at a value of x, over the whole height, its label on top. */
export function upright(pen: Pen, value: number, { colour, dash = [], label }: LineLook): void {
  const { ctx, ink, ratio, box } = pen
  const x = Math.round(pen.x(value))
  if (x < box.left || x > box.left + box.width) return
  ctx.save()
  stroke(pen, colour, dash, () => {
    ctx.moveTo(x, box.top)
    ctx.lineTo(x, box.top + box.height)
  })
  if (label) {
    ctx.font = `${11 * ratio}px ${ink.font}`
    ctx.fillStyle = ink.colours[colour]
    ctx.textBaseline = 'top'
    const fits = x + ctx.measureText(label).width + 6 * ratio < box.left + box.width
    ctx.textAlign = fits ? 'left' : 'right'
    ctx.fillText(label, x + (fits ? 4 : -4) * ratio, box.top + 2 * ratio)
  }
  ctx.restore()
}

/** A line at a value of y, over the whole width, its label at the right above it. */
export function level(pen: Pen, value: number, { colour, dash = [], label }: LineLook): void {
  const { ctx, ratio, box } = pen
  const y = Math.round(pen.y(value))
  if (y < box.top - 1 || y > box.top + box.height) return
  ctx.save()
  stroke(pen, colour, dash, () => {
    ctx.moveTo(box.left, y)
    ctx.lineTo(box.left + box.width, y)
  })
  if (label) write(pen, label, box.left + box.width - 4 * ratio, y - 3 * ratio, colour)
  ctx.restore()
}

/** A text that ends at a place, readable over whatever lies below it. */
export function write(pen: Pen, text: string, x: number, y: number, colour: Token): void {
  const { ctx, ink, ratio } = pen
  ctx.save()
  ctx.font = `600 ${11 * ratio}px ${ink.font}`
  ctx.textAlign = 'right'
  ctx.textBaseline = 'bottom'
  ctx.lineJoin = 'round'
  ctx.lineWidth = 4 * ratio
  ctx.strokeStyle = ink.colours.surface
  ctx.strokeText(text, x, y)
  ctx.fillStyle = ink.colours[colour]
  ctx.fillText(text, x, y)
  ctx.restore()
}

function stroke(pen: Pen, colour: Token, dash: readonly number[], trace: () => void): void {
  const { ctx, ink, ratio } = pen
  ctx.strokeStyle = ink.colours[colour]
  ctx.lineWidth = Math.max(1, Math.round(1.5 * ratio))
  ctx.setLineDash(dash.map((length) => length * ratio))
  ctx.beginPath()
  trace()
  ctx.stroke()
}

/** A round dot, seen through where several lie on one another. */
export function dot(pen: Pen, x: number, y: number, colour: Token): void {
  const { ctx, ink, ratio } = pen
  ctx.save()
  ctx.beginPath()
  ctx.arc(pen.x(x), pen.y(y), 4 * ratio, 0, 2 * Math.PI)
  ctx.globalAlpha = 0.55
  ctx.fillStyle = ink.colours[colour]
  ctx.fill()
  ctx.globalAlpha = 1
  ctx.lineWidth = ratio
  ctx.strokeStyle = ink.colours[colour]
  ctx.stroke()
  ctx.restore()
}

/** A bar from zero up, filled or hollow; `from` and `to` are values of x. */
export function bar(
  pen: Pen,
  {
    from,
    to,
    value,
    colour,
    hollow,
  }: { from: number; to: number; value: number; colour: Token; hollow?: boolean },
): void {
  const { ctx, ink, ratio } = pen
  const [left, top, bottom] = [pen.x(from), pen.y(value), pen.y(0)]
  const right = pen.x(to)
  ctx.save()
  ctx.strokeStyle = ink.colours[colour]
  ctx.fillStyle = ink.colours[colour]
  ctx.lineWidth = 1.5 * ratio
  if (hollow) ctx.strokeRect(left, top, right - left, bottom - top)
  else ctx.fillRect(left, top, right - left, bottom - top)
  ctx.restore()
}
