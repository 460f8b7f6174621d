import { expect, test } from 'vitest'
import { neighboursAmong, provisional } from '../../../console/src/edits/place.ts'
import { task } from '../support/task.ts'

const loose = [10, 20, 30].map((position, index) =>
  task({ id: index + 1, sprint_id: null, position }),
)
const planned = task({ id: 9, sprint_id: 5, position: 700 })
const all = [...loose, planned]
const [first = task(), second = task(), third = task()] = loose

test('cards stand between their new neighbours until the server has placed them', () => {
  expect(provisional(all, [third], { before: second })).toEqual([15])
  expect(provisional(all, [third], { after: first })).toEqual([15])
  expect(provisional(all, [third], { before: first })[0]).toBeLessThan(10)
  const [one = 0, two = 0] = provisional(all, [first, second], { after: third })
  expect([30 < one, one < two]).toEqual([true, true])
})

test('cards for the end of another list stand behind the cards of that list', () => {
  const [at] = provisional(all, [first], { sprintId: 5 })
  expect(at).toBeGreaterThan(planned.position)
  expect(provisional(all, [planned], { sprintId: null })[0]).toBeGreaterThan(third.position)
})

test('what is moved together goes back before the card that followed all of it', () => {
  const stood = neighboursAmong(all, [first, second])
  expect([stood(first), stood(second)]).toEqual([{ before: 3 }, { before: 3 }])
  expect(neighboursAmong(all, [third])(third)).toEqual({ after: 2 })
  expect(neighboursAmong(all, [planned])(planned)).toEqual({})
})
