import type { Ink, Token } from './ink.ts'
import type { Band } from './sentences/flow.ts'

const colours: Record<Band, Token> = {
  done: 'done',
  testing: 'testing',
  review: 'review',
  blocked: 'blocked',
  in_progress: 'progress',
  todo: 'todo',
  backlog: 'line-strong',
}
const size = 8

/** Lines of a tile, as from and to; where two ends meet the pattern goes on. */
const lines: Record<Band, readonly (readonly [number, number, number, number])[]> = {
  done: [],
  testing: [[4, 0, 4, 8]],
  review: [[-1, 9, 9, -1]],
  blocked: [
    [-1, 9, 9, -1],
    [-1, -1, 9, 9],
  ],
  in_progress: [[-1, -1, 9, 9]],
  todo: [[0, 4, 8, 4]],
  backlog: [],
}

const known = new WeakMap<Ink, Map<string, CanvasPattern | string>>()

/** The fill of a band: its colour over the surface, and lines that tell it without colour. */
export function bandPattern(ink: Ink, band: Band, ratio: number): CanvasPattern | string {
  const patterns = known.get(ink) ?? new Map<string, CanvasPattern | string>()
  known.set(ink, patterns)
  const key = `${band} ${ratio}`
  const pattern = patterns.get(key) ?? drawn(ink, band, ratio)
  patterns.set(key, pattern)
  return pattern
}

function drawn(ink: Ink, band: Band, ratio: number): CanvasPattern | string {
  const colour = ink.colours[colours[band]]
  const tile = document.createElement('canvas')
  tile.width = tile.height = Math.round(size * ratio)
  const ctx = tile.getContext('2d')
  if (ctx === null) return colour
  ctx.scale(tile.width / size, tile.height / size)
  ctx.fillStyle = ink.colours.surface
  ctx.fillRect(0, 0, size, size)
  ctx.globalAlpha = band === 'done' ? 0.55 : 0.3
  ctx.fillStyle = colour
  ctx.fillRect(0, 0, size, size)
  ctx.globalAlpha = 0.75
  ctx.strokeStyle = colour
  for (const [x, y, toX, toY] of lines[band]) {
    ctx.beginPath()
    ctx.moveTo(x, y)
    ctx.lineTo(toX, toY)
    ctx.stroke()
  }
  return ctx.createPattern(tile, 'repeat') ?? colour
}
export const bandColour = (band: Band): Token => colours[band]
