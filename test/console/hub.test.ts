import { expect, test } from 'vitest'
import { createHub, fits, type Message, type TabsMember } from '../../console/src/live/hub.ts'
import type { Source } from '../../console/src/live/stream.ts'
import { event } from './support/task.ts'

/** One tab; `lead()` gives it the connection, of which `source` is the newest. */
function tab() {
  let time = 1_000_000
  const sources: { cursor: string | undefined; tell: (type: string, message?: object) => void }[] =
    []
  const told: Message[] = []
  let member: TabsMember | undefined
  const open = (cursor: string | undefined): Source => {
    const listeners: Record<string, (message: never) => void> = {}
    sources.push({ cursor, tell: (type, message = {}) => listeners[type]?.(message as never) })
    return {
      readyState: 0,
      close() {},
      addEventListener: (type: string, listener: (message: never) => void) => {
        listeners[type] = listener
      },
    }
  }
  const hub = createHub({
    open,
    tabs: (given) => {
      member = given
      return { leave: () => given.yield() }
    },
    later: () => () => {},
    now: () => time,
  })
  const seen: number[] = []
  let opened = 0
  const page = (filter: Parameters<typeof fits>[1]) =>
    hub.subscribe({
      filter: () => filter,
      onEvents: (events) => seen.push(...events.map(({ id }) => id)),
      onOpen: () => {
        opened += 1
      },
    })
  return {
    hub,
    page,
    seen,
    told,
    sources,
    opened: () => opened,
    wait: (ms: number) => {
      time += ms
    },
    lead: () => member?.lead((message) => told.push(message)),
    hear: (message: Message) => member?.hear(message),
    send: (given: ReturnType<typeof event>) =>
      sources.at(-1)?.tell('message', { data: JSON.stringify(given), lastEventId: given.cursor }),
  }
}
const start = { from: 'c0', onRefused: () => {} }

test('an event fits when every named part does', () => {
  const done = event({ type: 'task.status_changed', sprint_id: 7, entity_id: 3 })
  expect(fits(done, {})).toBe(true)
  expect(fits(done, { sprint_id: 7, types: ['task'] })).toBe(true)
  expect(fits(done, { sprint_id: undefined, types: ['task.status_changed'] })).toBe(true)
  expect(fits(done, { sprint_id: 8 })).toBe(false)
  expect(fits(done, { types: ['tas', 'sprint'] })).toBe(false)
})

test('a page is told what fits its filter, and nothing after it has gone', () => {
  const { hub, page, seen, lead, send } = tab()
  hub.start(start)
  lead()
  const leave = page({ sprint_id: 7 })
  const wanted = event({ type: 'task.created', sprint_id: 7 })
  send(wanted)
  leave()
  send(event({ type: 'task.created', sprint_id: 7 }))
  expect(seen).toEqual([wanted.id])
})

test('the first connection resumes where the session began: nothing is read twice', () => {
  const { hub, page, lead, sources, opened } = tab()
  hub.start(start)
  page({})
  lead()
  expect(sources[0]?.cursor).toBe('c0')
  sources[0]?.tell('open')
  expect(opened()).toBe(0)
  sources[0]?.tell('open')
  expect(opened()).toBe(1)
})

test('a page that comes after an event it shows reads again, for a while', () => {
  const { hub, page, lead, send, opened, wait } = tab()
  hub.start(start)
  lead()
  send(event({ type: 'task.created', sprint_id: 7 }))
  page({ sprint_id: 8 })
  expect(opened()).toBe(0)
  page({ sprint_id: 7 })
  expect(opened()).toBe(1)
  wait(61_000)
  page({ sprint_id: 7 })
  expect(opened()).toBe(1)
})

test('what the leader hears is told on, and a tab that takes over tells nothing twice', () => {
  const { hub, page, seen, lead, hear, send, sources, told } = tab()
  hub.start(start)
  page({})
  const [first, second] = [event({ type: 'task.created' }), event({ type: 'task.created' })]
  hear({ kind: 'state', state: 'live' })
  hear({ kind: 'events', events: [first] })
  expect(hub.status().state).toBe('live')
  lead()
  expect(sources[0]?.cursor).toBe(first.cursor)
  hear({ kind: 'events', events: [first] })
  send(second)
  expect(seen).toEqual([first.id, second.id])
  expect(told).toContainEqual({ kind: 'events', events: [second] })
})

test('a tab that was asleep reads again when the leader is further than it', () => {
  const { hub, page, hear, opened } = tab()
  hub.start(start)
  page({})
  hear({ kind: 'here', state: 'live', cursor: 'c0' })
  expect(opened()).toBe(0)
  hear({ kind: 'here', state: 'live', cursor: 'c5' })
  expect(opened()).toBe(1)
})

test('after a long absence pages read again instead of hearing everything that happened', () => {
  const { hub, page, lead, sources, opened, wait } = tab()
  hub.start(start)
  page({})
  wait(6 * 60_000)
  lead()
  expect(sources[0]?.cursor).toBeUndefined()
  sources[0]?.tell('open')
  expect(opened()).toBe(1)
})

test('says since when the server is not heard', () => {
  const { hub, lead, sources } = tab()
  hub.start(start)
  lead()
  sources[0]?.tell('open')
  expect(hub.status()).toEqual({ state: 'live', since: null })
  sources[0]?.tell('error')
  expect(hub.status()).toEqual({ state: 'reconnecting', since: 1_000_000 })
})
