import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byPosition, gap, type Ordered, placeAmong } from '../../../api/core/ordering.ts'

const apply = (list: readonly Ordered[], positions: ReadonlyMap<number, number>): Ordered[] => {
  const known = new Map(list.map((it) => [it.id, it.position]))
  for (const [id, position] of positions) known.set(id, position)
  return [...known].map(([id, position]) => ({ id, position })).sort(byPosition)
}

const idsOf = (list: readonly Ordered[]) => list.map(({ id }) => id)

test('what is placed stands where it was put, and nothing else changes its order', () => {
  const anyPosition = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    fc.constantFrom(-2_147_483_648, 2_147_483_647),
  )
  fc.assert(
    fc.property(
      fc.array(anyPosition, { maxLength: 40 }),
      fc.nat(40),
      fc.integer({ min: 1, max: 6 }),
      (positions, where, count) => {
        const list = positions.map((position, id) => ({ id, position })).sort(byPosition)
        const at = Math.min(where, list.length)
        const ids = Array.from({ length: count }, (_, index) => 1000 - index)
        const moved = placeAmong(list, ids, at)
        const wanted = idsOf(list).toSpliced(at, 0, ...ids)
        expect(idsOf(apply(list, moved))).toEqual(wanted)
        for (const position of moved.values()) {
          expect(Number.isInteger(position)).toBe(true)
          expect(Math.abs(position)).toBeLessThanOrEqual(2_147_483_648)
        }
      },
    ),
  )
})

test('a card that goes between two others moves neither of them, as long as there is room', () => {
  const list = [1, 2, 3].map((id) => ({ id, position: id * gap }))
  expect([...placeAmong(list, [9], 1).keys()]).toEqual([9])
  expect([...placeAmong(list, [8, 9], 3)]).toEqual([
    [8, 4 * gap],
    [9, 5 * gap],
  ])
})

test('one place used again and again moves few neighbours on the whole', () => {
  let list: Ordered[] = Array.from({ length: 500 }, (_, id) => ({ id, position: id }))
  let written = 0
  for (let id = 1000; id < 1500; id++) {
    const positions = placeAmong(list, [id], 250)
    written += positions.size
    list = apply(list, positions)
  }
  expect(written).toBeLessThan(500 * 20)
})
