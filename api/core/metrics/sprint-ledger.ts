import type { ChartEvent } from './chart-event.ts'

/** Points in a sprint at a moment; each holds until the next one. */
export interface LedgerPoint {
  at: number
  scope: number
  done: number
  /** By how much the scope changed at this moment; points done are no such change. */
  scopeChange: number
}

export interface ScopeChange {
  at: number
  taskId: number
  kind: 'added' | 'removed' | 'estimated'
  points: number
}

/**
 * The book of a sprint, in story points. A card that is archived or skipped is out of scope; one
 * without an estimate counts 0. `done` includes what was done before the start, `completed` not.
 */
export interface SprintLedger {
  /** Null while the sprint is planned. */
  startedAt: number | null
  plannedEnd: number | null
  /** When it ended; null while it runs, and after it was reopened. */
  closedAt: number | null
  /** The cards' points at the start event; fixed from then on. */
  committed: number
  doneBeforeStart: number
  completed: number
  /** Of `completed`, what was committed. */
  completedInitial: number
  unestimated: number
  /** From the start on. */
  points: LedgerPoint[]
  scopeChanges: ScopeChange[]
}

interface Card {
  points: number | null
  inScope: boolean
  done: boolean
  doneAt: number | null
}

const scopeOf = (card: Card | undefined) => (card?.inScope ? (card.points ?? 0) : 0)
const doneOf = (card: Card | undefined) => (card?.done ? scopeOf(card) : 0)
const parsed = (moment: string | null) => (moment === null ? null : Date.parse(moment))

/**
 * Keeps the book of a sprint from its events, in order. Time only moves forward in it: an event
 * that a clock dated before the one it followed counts as of then. So what is appended later
 * changes nothing that stands.
 */
export function ledgerOf(events: readonly ChartEvent[]): SprintLedger {
  const book: SprintLedger = {
    startedAt: null,
    plannedEnd: null,
    closedAt: null,
    committed: 0,
    doneBeforeStart: 0,
    completed: 0,
    completedInitial: 0,
    unestimated: 0,
    points: [],
    scopeChanges: [],
  }
  const cards = new Map<number, Card>()
  let committedCards = new Set<number>()
  /** What is carried over, or changed by an admin: no part of the sprint unless it is reopened. */
  let afterTheEnd: ScopeChange[] = []
  let open = false
  let at = Number.NEGATIVE_INFINITY
  let scope = 0
  let done = 0

  const put = (id: number, card: Card | undefined) => {
    const before = cards.get(id)
    if (card) cards.set(id, card)
    else cards.delete(id)
    const change = scopeOf(card) - scopeOf(before)
    scope += change
    done += doneOf(card) - doneOf(before)
    const [was, is] = [before?.inScope ?? false, card?.inScope ?? false]
    if (book.startedAt !== null && (was !== is || change !== 0)) {
      const kind = was === is ? 'estimated' : is ? 'added' : 'removed'
      const changes = open ? book.scopeChanges : afterTheEnd
      changes.push({ at, taskId: id, kind, points: change })
    }
    if (open) mark(book.points, { at, scope, done, scopeChange: change })
  }
  const start = (event: ChartEvent) => {
    const startedAt = parsed(event.started_at) ?? at
    book.startedAt = startedAt
    book.plannedEnd = parsed(event.end_date)
    book.committed = scope
    committedCards = new Set([...cards].filter(([, card]) => card.inScope).map(([id]) => id))
    // A sprint may be started when it is completed; it has then run since it was made.
    const since = [...cards.values()].filter((card) => isCompleted(card, startedAt))
    let soFar = done - since.reduce((sum, card) => sum + scopeOf(card), 0)
    book.doneBeforeStart = soFar
    book.points.push({ at: startedAt, scope, done: soFar, scopeChange: 0 })
    for (const card of since.sort((a, b) => Number(a.doneAt) - Number(b.doneAt))) {
      soFar += scopeOf(card)
      mark(book.points, { at: Number(card.doneAt), scope, done: soFar, scopeChange: 0 })
    }
    open = true
  }
  const settle = () => {
    const inScope = [...cards].filter(([, card]) => card.inScope)
    const completed = inScope.filter(([, card]) => isCompleted(card, book.startedAt ?? at))
    const sum = (some: typeof completed) => some.reduce((all, [, card]) => all + scopeOf(card), 0)
    book.completed = sum(completed)
    book.completedInitial = sum(completed.filter(([id]) => committedCards.has(id)))
    book.unestimated = inScope.filter(([, card]) => card.points === null).length
  }
  const close = () => {
    if (open) {
      settle()
      book.closedAt = at
      if (book.points.at(-1)?.at !== at) book.points.push({ at, scope, done, scopeChange: 0 })
    }
    open = false
  }
  const reopen = () => {
    if (book.startedAt === null) return
    open = true
    book.closedAt = null
    const changes = afterTheEnd.map((change) => ({ ...change, at }))
    book.scopeChanges.push(...changes)
    afterTheEnd = []
    const scopeChange = changes.reduce((sum, { points }) => sum + points, 0)
    mark(book.points, { at, scope, done, scopeChange })
  }

  for (const event of events) {
    at = Math.max(at, event.at)
    const card = cards.get(event.entity_id)
    switch (event.type) {
      case 'task.created':
      case 'task.added_to_sprint':
        put(event.entity_id, cardAfter(event, event.story_points))
        break
      case 'task.status_changed':
        put(event.entity_id, cardAfter(event, card ? card.points : event.story_points))
        break
      case 'task.estimated':
        if (card) put(event.entity_id, { ...card, points: event.story_points })
        break
      case 'task.removed_from_sprint':
        put(event.entity_id, undefined)
        break
      case 'sprint.started':
        start(event)
        break
      case 'sprint.reopened':
        reopen()
        break
      default:
        close()
    }
  }
  if (open || book.startedAt === null) settle()
  return book
}

const isCompleted = (card: Card, startedAt: number) =>
  card.inScope && card.done && card.doneAt !== null && card.doneAt >= startedAt

function cardAfter(event: ChartEvent, points: number | null): Card {
  const isDone = event.board_status === 'done'
  const changed = event.type === 'task.status_changed' ? event.at : null
  return {
    points,
    inScope: event.board_status !== 'archived' && !event.skipped,
    done: isDone,
    doneAt: isDone ? (parsed(event.completed_at) ?? changed) : null,
  }
}

/** Adds what differs from the last point; all that happens at one moment is one point. */
function mark(points: LedgerPoint[], point: LedgerPoint): void {
  const last = points.at(-1)
  if (last && last.at >= point.at) {
    last.scope = point.scope
    last.done = point.done
    last.scopeChange += point.scopeChange
  } else if (!last || last.scope !== point.scope || last.done !== point.done) {
    points.push(point)
  }
}

const closings: readonly string[] = ['sprint.completed', 'sprint.failed', 'sprint.archived']
const openings: readonly string[] = ['sprint.started', 'sprint.reopened']

/** The events of a sprint up to its end: what was carried over stands where it stood then. */
export function untilItEnded(events: readonly ChartEvent[]): readonly ChartEvent[] {
  const opened = events.findLastIndex(({ type }) => openings.includes(type))
  const closed = events.findIndex(({ type }, n) => n > opened && closings.includes(type))
  return closed < 0 ? events : events.slice(0, closed)
}
