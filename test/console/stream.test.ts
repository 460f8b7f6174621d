import { expect, test } from 'vitest'
import { follow, type LiveState, type Source } from '../../console/src/live/stream.ts'
import { event } from './support/task.ts'

class FakeSource implements Source {
  readyState = 0
  closed = false
  readonly cursor: string | undefined
  private readonly listeners: Record<string, (message: never) => void> = {}

  constructor(cursor: string | undefined) {
    this.cursor = cursor
  }
  addEventListener(type: string, listener: (message: never) => void): void {
    this.listeners[type] = listener
  }
  tell(type: string, message: object = {}): void {
    this.listeners[type]?.(message as never)
  }
  close(): void {
    this.closed = true
  }
}

function following() {
  const sources: FakeSource[] = []
  const states: LiveState[] = []
  const seen: number[] = []
  const waits: { ms: number; run: () => void; cancelled: boolean }[] = []
  let opened = 0
  let refused = 0
  const { stop } = follow({
    open: (cursor) => {
      const source = new FakeSource(cursor)
      sources.push(source)
      return source
    },
    onState: (state) => states.push(state),
    onEvent: ({ id }) => seen.push(id),
    onOpen: () => {
      opened += 1
    },
    onRefused: () => {
      refused += 1
    },
    later: (run, ms) => {
      const wait = { ms, run, cancelled: false }
      waits.push(wait)
      return () => {
        wait.cancelled = true
      }
    },
  })
  const last = () => {
    const source = sources.at(-1)
    if (source === undefined) throw new Error('nothing was opened')
    return source
  }
  return { sources, states, seen, waits, stop, last, opened: () => opened, refused: () => refused }
}

const message = (id: string) => {
  const data = event({ type: 'task.created' })
  return { data: JSON.stringify(data), lastEventId: id, eventId: data.id }
}

test('says when it is live, and that what was read before may be old', () => {
  const stream = following()
  expect(stream.states).toEqual(['connecting'])
  stream.last().tell('open')
  expect(stream.states).toEqual(['connecting', 'live'])
  expect(stream.opened()).toBe(1)
})

test('opens a new source after the last event where the old one was lost, with longer pauses', () => {
  const stream = following()
  const told = message('cursor-9')
  stream.last().tell('open')
  stream.last().tell('message', told)
  expect(stream.seen).toEqual([told.eventId])

  for (const expected of [500, 1000, 2000, 4000, 5000, 5000]) {
    stream.last().tell('error')
    expect(stream.states.at(-1)).toBe('reconnecting')
    expect(stream.last().closed).toBe(true)
    expect(stream.waits.at(-1)?.ms).toBe(expected)
    stream.waits.at(-1)?.run()
    expect(stream.last().cursor).toBe('cursor-9')
  }
  stream.last().tell('open')
  expect(stream.states.at(-1)).toBe('live')
  stream.last().tell('error')
  expect(stream.waits.at(-1)?.ms).toBe(500)
})

test('begins anew, and says so, where the server refuses the place it had reached', () => {
  const stream = following()
  stream.last().tell('open')
  stream.last().tell('message', message('cursor-9'))
  stream.last().readyState = 2
  stream.last().tell('error')
  expect(stream.refused()).toBe(1)
  stream.waits.at(-1)?.run()
  expect(stream.last().cursor).toBeUndefined()
})

test('takes a long silence for a dead connection, and a heartbeat for a sign of life', () => {
  const stream = following()
  stream.last().tell('open')
  const watch = stream.waits.at(-1)
  expect(watch?.ms).toBe(40_000)
  stream.last().tell('heartbeat')
  expect(watch?.cancelled).toBe(true)
  stream.waits.at(-1)?.run()
  expect(stream.states.at(-1)).toBe('reconnecting')
  stream.waits.at(-1)?.run()
  expect(stream.sources).toHaveLength(2)
})

test('stops for good', () => {
  const stream = following()
  stream.last().tell('error')
  stream.stop()
  expect(stream.waits.at(-1)?.cancelled).toBe(true)
  expect(stream.last().closed).toBe(true)
})
