import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  everything,
  type Filter,
  filterFromQuery,
  filterTasks,
  isEverything,
  known,
  queryOf,
} from '../../console/src/board/filters/filter.ts'
import { optionsOf } from '../../console/src/board/filters/options.ts'
import { storiesOf } from '../../console/src/scrum/stories.ts'
import { task } from './support/task.ts'

const plan = task({ id: 1, title: 'Plan the store', external_id: 'T001', labels: ['US1'] })
const build = task({
  id: 2,
  title: 'Build it',
  assignee: 'Anna',
  priority: 'high',
  board_status: 'blocked',
  labels: ['US1/US2', 'api'],
})
const check = task({ id: 3, title: 'Check it', type: 'bug', assignee: 'ben', code: 'SHOP-77' })
const tasks = [plan, build, check]

const shown = (filter: Partial<Filter>, me = 'anna', conflicted: number[] = []) =>
  filterTasks(tasks, { ...everything, ...filter }, { me, conflicted: new Set(conflicted) }).map(
    (it) => it.id,
  )

test('a filter that asks for nothing lets the very same list through', () => {
  expect(filterTasks(tasks, everything, { me: '', conflicted: new Set() })).toBe(tasks)
})

test('text is looked for in id, code and title, every word of it, in any case', () => {
  expect(shown({ text: 't001' })).toEqual([1])
  expect(shown({ text: 'shop-77' })).toEqual([3])
  expect(shown({ text: ' it  BUILD ' })).toEqual([2])
  expect(shown({ text: 'it plan' })).toEqual([])
})

test('values of one list are alternatives, lists are all asked for', () => {
  expect(shown({ assignee: ['Anna', ''] })).toEqual([1, 2])
  expect(shown({ assignee: ['Anna', ''], priority: ['high'] })).toEqual([2])
  expect(shown({ status: ['todo'], type: ['bug'] })).toEqual([3])
  expect(shown({ label: ['api'] })).toEqual([2])
})

test('a card of two stories is found under each', () => {
  expect(shown({ story: ['US1'] })).toEqual([1, 2])
  expect(shown({ story: ['US2'] })).toEqual([2])
  expect(storiesOf({ labels: ['us3', 'US', 'USB1', 'US1/x'] })).toEqual(['US3'])
})

test('blocked, mine and in conflict', () => {
  expect(shown({ blocked: true })).toEqual([2])
  expect(shown({ mine: true })).toEqual([2])
  expect(shown({ conflict: true }, 'anna', [3])).toEqual([3])
})

test('an address and its filter are the same thing', () => {
  const some = (values: readonly string[] = []) => fc.uniqueArray(fc.constantFrom(...values))
  const texts = fc.uniqueArray(fc.string({ minLength: 1 }))
  const filters = fc.record({
    text: fc.string().filter((it) => it === '' || it.trim() !== ''),
    status: some(known.status),
    assignee: fc.uniqueArray(fc.string()),
    priority: some(known.priority),
    label: texts,
    type: some(known.type),
    story: texts,
    blocked: fc.boolean(),
    mine: fc.boolean(),
    conflict: fc.boolean(),
  }) as fc.Arbitrary<Filter>
  fc.assert(
    fc.property(filters, (filter) => {
      const address = new URLSearchParams(queryOf(filter).toString())
      expect(filterFromQuery(address)).toEqual({ filter, unknown: [] })
    }),
  )
})

test('what an address says besides stays', () => {
  const query = queryOf(
    { ...everything, mine: true },
    new URLSearchParams('task=A-1&lanes=story&q=old'),
  )
  expect(query.toString()).toBe('task=A-1&lanes=story&mine=1')
})

test('what an address names and nobody knows filters nothing, and is told', () => {
  const address = new URLSearchParams('status=doing&status=done&mine=yes&label=&priority=urgent')
  const { filter, unknown } = filterFromQuery(address)
  expect(filter).toEqual({ ...everything, status: ['done'] })
  expect(unknown).toEqual([
    { name: 'status', value: 'doing' },
    { name: 'priority', value: 'urgent' },
    { name: 'label', value: '' },
    { name: 'mine', value: 'yes' },
  ])
  expect(isEverything(filterFromQuery(new URLSearchParams('mine=0')).filter)).toBe(true)
})

test('options count the cards, keep what is asked for, and name a story once', () => {
  const options = optionsOf(tasks, { ...everything, label: ['gone'] })
  const named = (group: string) =>
    options.filter((it) => it.group === group).map((it) => [it.text, it.cards, it.isOn])
  expect(named('Assignee')).toEqual([
    ['nobody', 1, false],
    ['Anna', 1, false],
    ['ben', 1, false],
  ])
  expect(named('Label')).toEqual([
    ['api', 1, false],
    ['gone', 0, true],
  ])
  expect(named('User story')).toEqual([
    ['US1', 2, false],
    ['US2', 1, false],
  ])
  const anna = options.find((it) => it.key === 'assignee Anna')
  expect(anna?.toggled.assignee).toEqual(['Anna'])
})
