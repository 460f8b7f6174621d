import { describe, expect, test } from 'vitest'
import { landingOf, laneChanges } from '../../console/src/board/moving/spot.ts'
import { task } from './support/task.ts'

const cards = [1, 2, 3, 4].map((id) => task({ id, position: id }))
const some = (...ids: number[]) => cards.filter(({ id }) => ids.includes(id))
const [one, two] = cards

describe('where cards land', () => {
  test('beside the card above them, or before the first one', () => {
    expect(landingOf(cards, some(4), { id: 2, edge: 'after' })).toEqual({ after: two })
    expect(landingOf(cards, some(4), { id: 2, edge: 'before' })).toEqual({ after: one })
    expect(landingOf(cards, some(4), { id: 1, edge: 'before' })).toEqual({ before: one })
  })

  test('beside one that stays, where they are put on one that goes with them', () => {
    expect(landingOf(cards, some(1, 3), { id: 3, edge: 'after' })).toEqual({ after: two })
    expect(landingOf(cards, some(1, 2), { id: 2, edge: 'after' })).toBe('stays')
  })

  test('at the end without a card beside them, anywhere in an empty column', () => {
    expect(landingOf(some(1, 2), some(4), undefined)).toEqual({ after: two })
    expect(landingOf([], some(4), undefined)).toEqual({})
    expect(landingOf(some(1), some(3, 4), { id: 99, edge: 'before' })).toEqual({ after: one })
  })

  test('where they are already, nothing is done', () => {
    expect(landingOf(cards, some(2), { id: 1, edge: 'after' })).toBe('stays')
    expect(landingOf(cards, some(2), { id: 3, edge: 'before' })).toBe('stays')
    expect(landingOf(cards, some(4), undefined)).toBe('stays')
    expect(landingOf(cards, some(3, 4), { id: 2, edge: 'after' })).toBe('stays')
  })
})

describe('what a lane makes of cards', () => {
  test('its assignee, or nobody', () => {
    expect(laneChanges(some(1), 'assignee', 'ada')).toEqual({ assignee: 'ada' })
    const ada = [task({ assignee: 'ada' })]
    expect(laneChanges(ada, 'assignee', '')).toEqual({ assignee: null })
    expect(laneChanges(ada, 'assignee', 'ada')).toEqual({})
  })

  test('its user story in place of the others, whose other labels stay', () => {
    const mixed = [task({ id: 1, labels: ['us2', 'api'] }), task({ id: 2, labels: ['US1'] })]
    expect(laneChanges(mixed, 'story', 'US1')).toEqual({
      labels_add: ['US1'],
      labels_remove: ['us2'],
    })
    expect(laneChanges(mixed, 'story', '')).toEqual({ labels_remove: ['us2', 'US1'] })
  })

  test('nothing where it stands for the run that made them', () => {
    const made = [task({ protocol_run_id: 7, external_id: 'T001' })]
    expect(laneChanges(made, 'protocol', '7')).toEqual({})
    expect(laneChanges(made, 'protocol', '')).toEqual({
      refusal: expect.stringContaining('T001 belongs to the run'),
    })
  })
})
