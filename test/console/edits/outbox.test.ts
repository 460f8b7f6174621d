import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskChanges } from '../../../console/src/edits/changes.ts'
import { task } from '../support/task.ts'
import { pretendServer } from './pretend-server.ts'
import { type Fate, pretendWindow, settled } from './pretend-window.ts'

const start = () => {
  const server = pretendServer([1, 2, 3].map((id) => task({ id, title: 'first' })))
  const window = pretendWindow(server)
  const titleOf = (id: number) => window.shown().find((it) => it.id === id)?.title
  return { server, window, titleOf }
}
const change = (server: ReturnType<typeof pretendServer>, id: number, changes: object) => {
  const known = server.now.get(id)
  if (known) server.now.set(id, { ...known, ...changes })
}

test('an edit is shown at once, and its answer takes its place', async () => {
  const { window, titleOf, server } = start()
  window.edit([1], { title: 'mine' }, 'a')
  expect(titleOf(1)).toBe('mine')
  await window.end('answered')
  expect(window.outbox().state().entries).toEqual([])
  expect(titleOf(1)).toBe('mine')
  expect(server.now.get(1)?.title).toBe('mine')
})

test('a refused edit goes back and says by which rule', async () => {
  const { window, titleOf } = start()
  window.edit([1], { title: 'forbidden' }, 'a')
  await window.end('answered')
  expect(titleOf(1)).toBe('first')
  expect(window.refused).toEqual([{ label: 'a', rule: 'no_such_title', task: 1 }])
})

test('what waits when another person comes is sent no more, and stays kept for its own', async () => {
  const { window, server } = start()
  window.edit([1], { title: 'mine' }, 'a')
  await window.end('not arrived')
  const outbox = window.outbox()
  outbox.halt()
  await window.timeGoesBy()
  outbox.wake()
  expect(window.waiting).toEqual([])
  expect(outbox.state().entries).toHaveLength(1)
  expect(server.now.get(1)?.title).toBe('first')
})

test('it is told when all has arrived, or that it has not in time', async () => {
  const { window } = start()
  window.edit([1], { title: 'mine' }, 'a')
  const arrives = window.outbox().settled(1)
  await window.end('answered')
  expect(await arrives).toBe(true)
  window.edit([1], { title: 'again' }, 'b')
  const late = window.outbox().settled(1)
  await window.timeGoesBy()
  expect(await late).toBe(false)
})

test('later edits of a card wait for the earlier ones, and those of others do not', async () => {
  const { window, titleOf, server } = start()
  window.edit([1], { title: 'one' }, 'a')
  window.edit([1], { title: 'two' }, 'b')
  window.edit([2], { title: 'other' }, 'c')
  expect(titleOf(1)).toBe('two')
  expect(window.waiting).toHaveLength(2)
  await window.end('answered')
  await window.end('answered')
  await window.end('answered')
  expect(server.now.get(1)?.title).toBe('two')
  expect(window.refused).toEqual([])
})

test('what could not be sent is kept over a reload and sent once the server is back', async () => {
  const { window, titleOf, server } = start()
  window.edit([1], { title: 'mine' }, 'a')
  window.edit([2], { board_status: 'review' }, 'b')
  await window.end('not arrived')
  await window.end('answer lost')
  expect(window.outbox().state()).toMatchObject({ away: true, entries: [{}, {}] })
  await window.reload()
  expect(titleOf(1)).toBe('mine')
  await window.end('answered')
  await window.end('answered')
  expect(server.now.get(1)?.title).toBe('mine')
  expect([...server.carriedOut.values()]).toEqual([1, 1])
  expect(window.storage()).toContain('"entries":[]')
})

test('while nobody answers one request at a time asks again', async () => {
  const { window } = start()
  for (const id of [1, 2, 3]) window.edit([id], { title: 'x' }, `${id}`)
  for (let left = 3; left > 0; left--) await window.end('not arrived')
  expect(window.waiting).toHaveLength(0)
  await window.timeGoesBy()
  expect(window.waiting).toHaveLength(1)
  await window.end('answered')
  expect(window.outbox().state().away).toBe(false)
  expect(window.waiting).toHaveLength(2)
})

test('it waits twice as long each time nobody answers, at most a quarter of a minute', async () => {
  const { window } = start()
  window.edit([1], { title: 'x' }, 'a')
  for (let asked = 0; asked < 6; asked++) {
    await window.end('not arrived')
    await window.timeGoesBy()
  }
  expect(window.waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
})

test('what is kept for one person is not sent once another is here', async () => {
  const { window } = start()
  window.outbox().halt()
  window.edit([1], { title: 'mine' }, 'a')
  expect(window.waiting).toHaveLength(0)
  expect(window.storage()).toContain('mine')
})

test('an edit of what somebody changed meanwhile waits for a decision', async () => {
  const { window, titleOf, server } = start()
  window.edit([1], { title: 'mine' }, 'a')
  change(server, 1, { title: 'theirs' })
  await window.end('answered')
  expect(titleOf(1)).toBe('theirs')
  expect(window.asked()).toMatchObject([{ items: [{ theirs: { title: 'theirs' } }] }])
  await window.reload()
  const [asked] = window.asked()
  window.outbox().keepMine(asked?.key ?? '')
  await window.end('answered')
  expect(server.now.get(1)?.title).toBe('mine')
  expect(window.outbox().state().overtaken).toEqual([])
})

test('of several overtaken edits of a field the last one is asked about alone', async () => {
  const { window, server } = start()
  window.edit([1], { title: 'one' }, 'a')
  window.edit([1], { title: 'two' }, 'b')
  change(server, 1, { title: 'theirs' })
  await window.end('answered')
  await window.end('answered')
  expect(window.asked().map(({ label }) => label)).toEqual(['b'])
})

test('an edit made on top of a refused one stands by itself', async () => {
  const { window, titleOf, server } = start()
  window.edit([1], { title: 'forbidden' }, 'a')
  window.edit([1], { title: 'good' }, 'b')
  await window.end('answered')
  await window.end('answered')
  expect(window.asked()).toEqual([])
  expect(titleOf(1)).toBe('good')
  expect(server.now.get(1)?.title).toBe('good')
})

test('after a session has ended nothing is sent until somebody is signed in', async () => {
  const { window } = start()
  window.edit([1], { title: 'mine' }, 'a')
  await window.end('signed out')
  window.edit([2], { title: 'more' }, 'b')
  expect(window.waiting).toHaveLength(0)
  window.outbox().resume()
  await window.end('answered')
  await window.end('answered')
  expect(window.outbox().state().entries).toEqual([])
})

test('many cards that are seen alike go in one call, and what was never sent can be withdrawn', async () => {
  const { window, server, titleOf } = start()
  change(server, 3, { board_status: 'done' })
  await window.reload()
  window.edit([1, 2, 3], { board_status: 'review' }, 'bulk')
  expect(window.waiting).toHaveLength(2)
  window.edit([1], { title: 'typed' }, 'later')
  const later = window.outbox().state().entries.at(-1)?.group ?? ''
  expect(window.outbox().withdraw(later)).toBe(true)
  expect(titleOf(1)).toBe('first')
  const [sent] = window.outbox().state().entries
  expect(window.outbox().withdraw(sent?.group ?? '')).toBe(false)
})

type Step =
  | { do: 'edit'; ids: number[]; changes: TaskChanges }
  | { do: 'foreign'; id: number; title: string }
  | { do: 'end'; fate: Fate }
  | { do: 'time' | 'wake' | 'reload' }

const anyId = fc.integer({ min: 1, max: 3 })
const anyTitle = fc.constantFrom('a', 'b', 'c', 'forbidden')
const anyChange: fc.Arbitrary<TaskChanges> = fc.oneof(
  anyTitle.map((title) => ({ title })),
  fc.constantFrom('todo' as const, 'review' as const).map((board_status) => ({ board_status })),
  fc.constantFrom('x', 'y').map((label) => ({ labels_add: [label] })),
)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      ids: fc.uniqueArray(anyId, { minLength: 1 }),
      changes: anyChange,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('foreign' as const), id: anyId, title: anyTitle }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      fate: fc.constantFrom<Fate>(
        'answered',
        'answered',
        'not arrived',
        'answer lost',
        'signed out',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('time', 'wake', 'reload') }) },
)

test('whatever answers, drops and reloads come in between, no edit is lost and none is done twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
      const { server, window } = start()
      const made: { label: string; id: number; field: string }[] = []
      const asked = new Set<string>()
      for (const [index, step] of steps.entries()) {
        if (step.do === 'edit') {
          const [field = ''] = Object.keys(step.changes)
          const label = `${index}`
          window.edit(step.ids, step.changes, label)
          made.push(...step.ids.map((id) => ({ label, id, field })))
        }
        if (step.do === 'foreign') change(server, step.id, { title: step.title })
        if (step.do === 'end') await window.end(step.fate)
        if (step.do === 'time') await window.timeGoesBy()
        if (step.do === 'wake') window.outbox().wake()
        if (step.do === 'reload') await window.reload()
        for (const { label, items } of window.asked()) {
          for (const { edit } of items) asked.add(`${label} of ${edit.task.id}`)
        }
      }
      // The server is back for good.
      for (let left = 200; window.outbox().state().entries.length > 0 && left > 0; left--) {
        window.outbox().resume()
        await window.end('answered')
      }
      for (const { label, items } of window.asked()) {
        for (const { edit } of items) asked.add(`${label} of ${edit.task.id}`)
      }
      await settled()
      expect(window.outbox().state().entries).toEqual([])
      expect(window.outbox().state().away).toBe(false)

      const refused = new Set(window.refused.map((it) => `${it.label} of ${it.task}`))
      for (const [index, { label, id, field }] of made.entries()) {
        const name = `${label} of ${id}`
        const done = server.carriedOut.get(name) ?? 0
        const newer = made.slice(index + 1).some((it) => it.id === id && it.field === field)
        expect(done, name).toBeLessThanOrEqual(1)
        expect(done === 1 || refused.has(name) || asked.has(name) || newer, name).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
