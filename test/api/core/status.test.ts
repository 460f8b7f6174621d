import { describe, expect, test } from 'vitest'
import { cardMove } from '../../../api/core/card-moves.ts'
import {
  type ProtocolStatus,
  type StepStatus,
  stepStatus,
} from '../../../api/core/entities/protocol.ts'
import { boardStatus } from '../../../api/core/entities/task.ts'
import { cardOf, protocolStatusOf, satisfiesDependants } from '../../../api/core/status.ts'
import { defaultPoints, defaultPriority } from '../../../api/core/step-defaults.ts'

test.each([
  ['pending', 'todo'],
  ['running', 'in_progress'],
  ['needs_qa', 'review'],
  ['completed', 'done'],
  ['skipped', 'done'],
  ['failed', 'blocked'],
  ['timeout', 'blocked'],
  ['blocked', 'blocked'],
  ['cancelled', 'archived'],
] as const)('the card of a step that is %s stands in %s', (status, column) => {
  const card = cardOf({ status, status_reason: 'because' })
  expect(card).toEqual({
    board_status: column,
    skipped: status === 'skipped',
    blocked_reason: column === 'blocked' ? 'because' : null,
  })
  const deleted = cardOf({ status, status_reason: null, deleted_at: '2026-01-01T00:00:00.000Z' })
  expect(deleted.board_status).toBe('archived')
  if (column === 'blocked') {
    expect(cardOf({ status, status_reason: null }).blocked_reason).toContain(status)
  }
})

test('completed and skipped steps let their dependants start, and no others', () => {
  expect(stepStatus.options.filter(satisfiesDependants)).toEqual(['skipped', 'completed'])
})

describe('the status of a run follows from its steps', () => {
  test.each<[ProtocolStatus, StepStatus[], ProtocolStatus]>([
    ['pending', [], 'pending'],
    ['running', [], 'planned'],
    ['planned', ['pending', 'pending'], 'planned'],
    ['running', ['pending', 'pending'], 'running'],
    ['planned', ['completed', 'pending'], 'running'],
    ['planned', ['skipped', 'pending'], 'running'],
    ['running', ['running', 'failed', 'blocked'], 'running'],
    ['running', ['completed', 'failed', 'pending'], 'failed'],
    ['running', ['blocked', 'needs_qa', 'pending'], 'blocked'],
    ['running', ['needs_qa', 'completed'], 'needs_qa'],
    ['running', ['completed', 'skipped', 'cancelled'], 'completed'],
    ['running', ['cancelled', 'cancelled'], 'cancelled'],
    ['completed', ['completed', 'pending'], 'running'],
    ['paused', ['completed', 'completed'], 'paused'],
    ['cancelled', ['pending'], 'cancelled'],
  ])('%s with %j is %s', (current, steps, expected) => {
    expect(protocolStatusOf(current, steps)).toBe(expected)
  })

  test('a run with a timed-out step never ends completed', () => {
    for (const other of stepStatus.options) {
      expect(protocolStatusOf('running', ['completed', 'timeout', other])).not.toBe('completed')
    }
  })
})

test('a card moved by hand drives its step, is free, or clashes with it', () => {
  const [clash, free] = ['clash', 'free']
  const todo = 'retry'
  const rest = { backlog: free, todo, archived: 'cancel', done: 'complete', blocked: 'block' }
  const stopped = { ...rest, in_progress: clash, review: clash, testing: clash, blocked: free }
  const decided = Object.fromEntries(boardStatus.options.map((it) => [it, clash]))
  const expected: Record<StepStatus, Record<string, string>> = {
    pending: { ...rest, todo: free, in_progress: 'start', review: free, testing: free },
    blocked: { ...rest, blocked: free, in_progress: 'start', review: free, testing: free },
    failed: stopped,
    timeout: stopped,
    running: { ...decided, in_progress: free },
    needs_qa: { ...decided, review: free },
    completed: { ...decided, done: free },
    skipped: { ...decided, done: free },
    cancelled: { ...decided, archived: free },
  }
  for (const step of stepStatus.options) {
    for (const column of boardStatus.options) {
      const move = cardMove(step, column)
      const said = move.kind === 'drives' ? move.action : move.kind
      expect(said, `${step} → ${column}`).toBe(expected[step][column])
    }
  }
})

test('points come from the type of work, never from a number in a name', () => {
  const types = ['setup', 'implementation', 'testing', 'documentation', 'deployment', 'Setup']
  expect(types.map(defaultPoints)).toEqual([1, 5, 3, 2, 3, 1])
  expect(defaultPoints('review')).toBe(3)
  expect(defaultPoints(null)).toBe(3)
})

test('priority follows the order of the plan', () => {
  expect([0, 1, 2, 3, 9].map(defaultPriority)).toEqual(['high', 'medium', 'medium', 'low', 'low'])
})
