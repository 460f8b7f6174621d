import { expect, describe as group, test } from 'vitest'
import { Problem, problemFrom, wayOut } from '../../console/src/api/problem.ts'
import { merged } from '../../console/src/events/event-log.ts'
import { dayIn, formatRange, timeAgo, timeLeft } from '../../console/src/format/dates.ts'
import { shortened } from '../../console/src/format/shortened.ts'
import { dollars } from '../../console/src/format/words.ts'
import { revisionWords } from '../../console/src/history/words.ts'
import { plain } from '../../console/src/log/plain.ts'
import { checklistOf } from '../../console/src/peek/checklist.ts'
import { match } from '../../console/src/routing/match.ts'
import { planFromText } from '../../console/src/runs/plan-text.ts'
import { describe } from '../../console/src/scrum/describe-event.ts'
import { loginCodeIn } from '../../console/src/session/login-code.ts'
import { standingOf } from '../../console/src/work-sessions/standing.ts'
import { event } from './support/task.ts'

group('a price', () => {
  test('is told to the cent, and a smaller one as such', () => {
    expect([0, 0.0042, 0.5, 12].map(dollars)).toEqual([
      '$0.00',
      'less than $0.01',
      '$0.50',
      '$12.00',
    ])
  })
})

test('a text is cut between two signs, never in one', () => {
  expect(shortened('abc', 3)).toBe('abc')
  expect(shortened('abcd', 3)).toBe('ab…')
  const family = '👩‍👩‍👧‍👦'
  expect(shortened(`${family}${family} home`, family.length + 3)).toBe(`${family}…`)
})

group('a line of a log', () => {
  test('is told without colours, titles and moves', () => {
    const [esc, bell] = [27, 7].map((code) => String.fromCharCode(code))
    const said = `${esc}[1;31mred${esc}[0m ${esc}]0;title${bell}[42m] ${esc}[2K<b>`
    expect(plain(said)).toBe('red [42m] <b>')
  })
})

test('a pasted plan with a word in asterisks is refused beside its field', async () => {
  for (const plan of ['- step_name: *bold*', '- &a [*a]', '- &a x\n- *a']) {
    const fields = [{ field: 'plan', message: expect.stringContaining('in quotes') }]
    await expect(planFromText(plan)).rejects.toMatchObject({ fields })
  }
})

group('addresses', () => {
  test('name their parts, decoded', () => {
    expect(match('/projects/:slug/sprints/:code', '/projects/a/sprints/A%20b/')).toEqual({
      slug: 'a',
      code: 'A b',
    })
    expect(match('/sprints', '/sprints/1')).toBeNull()
    expect(match('/projects/:slug', '/sprints/a')).toBeNull()
    expect(match('/', '/')).toEqual({})
  })

  test('that are not valid percent-encoding fit nothing', () => {
    expect(match('/projects/:slug', '/projects/%E0%A4%A')).toBeNull()
  })

  test('a one-time link carries its code behind the hash', () => {
    expect(loginCodeIn('#login=dgz_a-b_c')).toBe('dgz_a-b_c')
    expect(loginCodeIn('#column-done')).toBeNull()
    expect(loginCodeIn('#login=')).toBeNull()
  })
})

group('refusals', () => {
  test('tell the detail, the rule and the fields', () => {
    const body = { title: 'Conflict', detail: 'It is closed.', rule: 'sprint_open', requestId: 'r' }
    const problem = problemFrom(409, 'application/problem+json', JSON.stringify(body))
    expect(problem).toMatchObject({
      message: 'It is closed.',
      rule: 'sprint_open',
      requestId: 'r',
      fields: [],
    })
  })

  test('of a proxy, or cut off, still tell their status', () => {
    expect(problemFrom(502, 'text/html', '<h1>Bad gateway').message).toContain('502')
    expect(problemFrom(500, 'application/json', '{"detail":').message).toContain('500')
    expect(problemFrom(500, 'application/json', 'null').message).toContain('500')
  })

  test('have a way out', () => {
    expect(wayOut(new Problem(0))).toContain('devgodzilla start')
    expect(wayOut(new Problem(403))).toContain('role')
    expect(wayOut(new TypeError('x'))).toContain('Reload')
  })
})

group('dates', () => {
  const day = (date: string) => `${date}T00:00:00.000Z`

  test('of a sprint are days in UTC, wherever the browser is', () => {
    expect(formatRange(day('2026-01-12'), day('2026-01-26'))).toMatch(/^12\s?–\s?26 Jan 2026$/)
    expect(formatRange(null, day('2026-01-26'))).toMatch(/^Until .*26/)
    expect(formatRange(null, null)).toBe('No dates')
  })

  test('are days of the project’s time zone', () => {
    const [start, end] = ['2026-03-22T23:00:00.000Z', '2026-03-29T21:59:59.999Z']
    expect(formatRange(start, end, 'Europe/Berlin')).toMatch(/23.*29.*2026/)
    expect(dayIn(start, 'Europe/Berlin')).toBe('2026-03-23')
    const night = Date.parse('2026-03-29T21:30:00Z')
    expect(timeLeft(end, night, 'Europe/Berlin')).toBe('ends today')
    expect(timeLeft(end, night + 3_600_000, 'Europe/Berlin')).toBe('ended yesterday')
  })

  test('tell what is left in whole days', () => {
    const now = Date.parse('2026-01-12T09:00:00Z')
    expect(timeLeft(day('2026-01-14'), now)).toBe('2 days left')
    expect(timeLeft(day('2026-01-13'), now)).toBe('1 day left')
    expect(timeLeft(day('2026-01-12'), now)).toBe('ends today')
    expect(timeLeft(day('2026-01-11'), now)).toBe('ended yesterday')
    expect(timeLeft(null, now)).toBeNull()
  })

  test('tell how long ago', () => {
    const now = Date.parse('2026-01-12T09:00:00Z')
    expect(timeAgo('2026-01-12T08:59:30Z', now)).toBe('just now')
    expect(timeAgo('2026-01-12T08:30:00Z', now)).toBe('30 min ago')
    expect(timeAgo('2026-01-12T04:00:00Z', now)).toBe('5 h ago')
    expect(timeAgo('2026-01-09T09:00:00Z', now)).toBe('3 d ago')
  })
})

group('events in words', () => {
  test('name columns as the board does, and the reason', () => {
    const payload = { from: 'in_progress', to: 'blocked', reason: 'no disk' }
    expect(describe(event({ type: 'task.status_changed', payload }))).toBe(
      'Moved from In progress to Blocked: no disk',
    )
  })

  test('name the fields that changed', () => {
    const payload = {
      changes: { story_points: { from: 1, to: 2 }, hand_set: { from: [], to: [] } },
    }
    expect(describe(event({ type: 'task.updated', payload }))).toBe('Changed points')
  })

  test('tell how a sprint failed and was reopened, and why', () => {
    const report = { completed_points: 3, carried_over_points: 27, reason: 'nobody came' }
    expect(describe(event({ type: 'sprint.failed', payload: report }))).toBe(
      'Failed with 3 points, 27 carried over: nobody came',
    )
    const reopened = { from: 'failed', reason: 'a day too early' }
    expect(describe(event({ type: 'sprint.reopened', payload: reopened }))).toBe(
      'Reopened, before failed: a day too early',
    )
    for (const type of ['sprint.overridden', 'task.overridden']) {
      expect(describe(event({ type, payload: { reason: 'a typo' } }))).toBe(
        'Changed in a closed sprint: a typo',
      )
    }
  })

  test('tell both sides of a conflict, and whose it became', () => {
    const payload = {
      ...{ conflict_id: 1, field: 'board_status', source: 'protocol' },
      ...{ board: 'in_progress', other: 'completed' },
    }
    expect(describe(event({ type: 'conflict.recorded', payload }))).toBe(
      'Conflict over column: board “In progress”, step “completed”',
    )
    const file = { ...payload, field: 'story_points', source: 'spec', board: 5, other: null }
    expect(describe(event({ type: 'conflict.recorded', payload: file }))).toBe(
      'Conflict over points: board 5, file no estimate',
    )
    const titles = { ...file, field: 'title', board: 'Read in_progress', other: 'Read' }
    expect(describe(event({ type: 'conflict.recorded', payload: titles }))).toBe(
      'Conflict over title: board “Read in_progress”, file “Read”',
    )
    const resolved = (side: string) =>
      describe(event({ type: 'conflict.resolved', payload: { ...payload, side } }))
    expect(resolved('board')).toBe('Conflict over column resolved for the board')
    expect(resolved('other')).toBe('Conflict over column resolved for the step')
    expect(resolved('superseded')).toContain('is over')
  })

  test('tell what an agent said of a task, and what became of its claim', () => {
    const said = (type: string, payload: Record<string, string | number>) =>
      describe(event({ type, payload }))
    expect(said('task.noted', { note: 'Tried twice', board_status: 'review' })).toBe(
      'Noted: Tried twice',
    )
    const claim = { code: 'A-1', agent: 'coder', session_key: 'ws-1' }
    expect(said('task.released', { ...claim, why: 'moved' })).toBe(
      'The claim of coder ended: somebody else moved the card',
    )
    expect(said('adr.created', { number: 3, title: 'Cents', status: 'accepted' })).toBe(
      'ADR 3 “Cents”, accepted',
    )
    expect(said('session.noted', { key: 'ws-1', note_id: 1, kind: 'question' })).toBe(
      'Asked a question',
    )
  })

  test('call an artifact one', () => {
    const payload = { artifact_id: 1, name: 'report.md', attempt: 1 }
    expect(describe(event({ type: 'step.artifact_added', payload }))).toBe(
      'Artifact “report.md” added',
    )
  })

  test('of a type this console does not know are told by it', () => {
    expect(describe(event({ type: 'agent.woke_up', payload: {} }))).toBe('Woke up')
    expect(describe(event({ type: 'odd', payload: { name: 'x' } }))).toContain('x')
  })

  test('come once each, whether read or streamed', () => {
    const [a, b, c] = [1, 2, 3].map(() => event({ type: 'task.created' }))
    if (!a || !b || !c) throw new Error('unreachable')
    expect(merged([b, a], [b, c])).toEqual([c, b, a])
  })
})

test('a checklist reads its boxes', () => {
  expect(checklistOf(['[x] Done', '- [ ] Open', 'Plain [x] text'])).toEqual([
    { text: 'Done', done: true },
    { text: 'Open', done: false },
    { text: 'Plain [x] text', done: false },
  ])
})

group('a revision', () => {
  const known = { sprint: () => 'Checkout', task: () => undefined, timeZone: 'UTC' }
  type Change = [field: string, from: string | number | null, to: string | number | null]
  const said = (fields: string[], ...told: Change[]) => {
    const changes = told.map(([field, from, to]) => ({ field, from, to }))
    return revisionWords({ number: 2, fields, changes }, known)
  }

  test('is told in one sentence, the column first, and what goes with it is not told twice', () => {
    const fields = ['blocked_reason', 'board_status', 'hand_set', 'position', 'story_points']
    expect(
      said(
        fields,
        ['blocked_reason', null, 'no key'],
        ['board_status', 'todo', 'blocked'],
        ['story_points', 3, null],
      ),
    ).toBe('Moved from To do to Blocked: no key, no points')
    expect(said(['position'])).toBe('Moved within its column')
    expect(said(['sprint_id'], ['sprint_id', null, 7])).toBe('Put into Checkout')
    expect(said(['started_at', 'status'], ['status', 'planning', 'active'])).toBe(
      'Went from planning to active',
    )
  })

  test('names what does not fit a line, and counts what is too much', () => {
    const fields = ['assignee', 'description', 'due_date', 'priority', 'title']
    expect(said(fields, ['assignee', null, 'anna'])).toBe(
      'Assignee anna, description changed, due date changed, 2 more fields',
    )
    expect(revisionWords({ number: 1, fields: ['code'], changes: [] }, known)).toBe('Created')
    expect(said(['code', 'title'])).toBe('Deleted')
  })
})

test('a session is silent once its claims have lapsed, and over once its time is', () => {
  const at = (minutes: number) => new Date(minutes * 60_000).toISOString()
  const session = {
    state: 'active',
    actor: 'robot',
    lease_until: at(15),
    expires_at: at(60),
  } as const
  const word = (minute: number, given = {}) =>
    standingOf({ ...session, ...given }, minute * 60_000).word
  expect([0, 15, 60].map((minute) => word(minute))).toEqual(['at work', 'silent', 'expired'])
  expect(word(0, { actor: null })).toBe('not taken up yet')
  expect(word(0, { state: 'handed_off' })).toBe('handed off')
})
