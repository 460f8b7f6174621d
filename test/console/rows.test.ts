import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { piecesOf, rowsWithin } from '../../console/src/board/rows.ts'

const list = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 })

test('a list takes the same room however little of it is drawn, and what is pinned is drawn', () => {
  fc.assert(
    fc.property(list, fc.nat(70), fc.nat(70), fc.array(fc.nat(70)), (heights, a, b, pins) => {
      const rows = { from: Math.min(a, b), to: Math.max(a, b) }
      const heightOf = (index: number) => heights[index] ?? Number.NaN
      const pieces = piecesOf(heights.length, rows, pins, heightOf)
      const room = pieces.reduce(
        (sum, piece) => sum + ('card' in piece ? heightOf(piece.card) : piece.height),
        0,
      )
      expect(room).toBe(heights.reduce((sum, height) => sum + height, 0))
      const drawn = pieces.flatMap((piece) => ('card' in piece ? piece.card : []))
      expect(drawn).toEqual([...new Set(drawn)].sort((x, y) => x - y))
      for (const index of heights.keys()) {
        const wanted = (index >= rows.from && index < rows.to) || pins.includes(index)
        expect(drawn.includes(index)).toBe(wanted)
      }
    }),
  )
})

test('the rows of a stretch are those that reach into it', () => {
  fc.assert(
    fc.property(list, fc.integer({ min: -500, max: 9000 }), fc.nat(900), (heights, top, size) => {
      const stretch = { top, bottom: top + size }
      const { from, to } = rowsWithin(heights.length, stretch, (index) => heights[index] ?? 0)
      let above = 0
      for (const [index, height] of heights.entries()) {
        const reaches = above + height >= stretch.top && above <= stretch.bottom
        expect(index >= from && index < to).toBe(reaches)
        above += height
      }
    }),
  )
})
