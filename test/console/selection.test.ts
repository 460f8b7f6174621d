import { describe, expect, test } from 'vitest'
import { createSelection } from '../../console/src/scrum/selection.ts'

function selection(order = [1, 2, 3, 4, 5]) {
  const store = createSelection()
  store.arrange(order)
  return store
}

describe('the selection of a board', () => {
  test('extends from the card chosen last, and lets go of what a shorter range leaves', () => {
    const store = selection()
    store.toggle(2)
    store.extendTo(5)
    expect([...store.ids]).toEqual([2, 3, 4, 5])
    store.extendTo(3)
    expect([...store.ids]).toEqual([2, 3])
    store.extendTo(1)
    expect([...store.ids].sort()).toEqual([1, 2])
  })

  test('keeps what was selected before a range began', () => {
    const store = selection()
    store.toggle(1)
    store.toggle(4)
    store.extendTo(5)
    expect([...store.ids].sort()).toEqual([1, 4, 5])
  })

  test('lets go of cards that have left the board', () => {
    const store = selection()
    store.add([2, 3])
    store.arrange([1, 3, 4])
    expect([...store.ids]).toEqual([3])
  })

  test('tells only of changes', () => {
    const store = selection()
    let told = 0
    store.subscribe(() => {
      told += 1
    })
    store.clear()
    store.arrange([1, 2])
    expect(told).toBe(0)
    store.only(2)
    expect(told).toBe(1)
    const { ids } = store
    expect(store.ids).toBe(ids)
  })
})
