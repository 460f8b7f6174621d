import { expect, test } from 'vitest'
import { actionsFor } from '../../../api/core/board-wins.ts'
import { type StepStatus, stepStatus } from '../../../api/core/entities/protocol.ts'
import { type BoardStatus, boardStatus } from '../../../api/core/entities/task.ts'
import { cardOf } from '../../../api/core/status.ts'
import { type StepAction, transitions } from '../../../api/core/step-actions.ts'

const table: Partial<Record<StepStatus, Partial<Record<BoardStatus, StepAction[] | null>>>> = {
  running: {
    done: ['complete'],
    review: ['submit-qa'],
    blocked: ['block'],
    archived: ['cancel'],
    in_progress: [],
    todo: null,
    backlog: null,
    testing: null,
  },
  needs_qa: {
    done: ['complete'],
    todo: ['retry'],
    in_progress: ['retry', 'start'],
    testing: [],
    review: [],
  },
  completed: { todo: ['retry'], in_progress: ['retry', 'start'], archived: ['retry', 'cancel'] },
  skipped: { todo: ['retry'], blocked: ['retry', 'block'], done: [] },
  cancelled: { done: ['retry', 'complete'], backlog: ['retry'] },
  failed: { in_progress: ['retry', 'start'], done: ['complete'], review: ['retry'] },
}

test.each(
  Object.entries(table).flatMap(([step, row]) =>
    Object.entries(row).map(([to, actions]) => [step, to, actions] as const),
  ),
)('a step that is %s follows a card wanted in %s by %j', (step, to, actions) => {
  expect(actionsFor(step as StepStatus, to as BoardStatus)).toEqual(actions)
})

test('whatever the actions are, they lead to where the card was wanted, or leave it free to stand there', () => {
  for (const step of stepStatus.options) {
    for (const to of boardStatus.options) {
      const actions = actionsFor(step, to)
      if (actions === null) continue
      const last = actions.at(-1)
      const reached = last ? transitions[last].to : step
      const column = cardOf({ status: reached, status_reason: null }).board_status
      const free = ['backlog', 'review', 'testing'].includes(to)
      expect(column === to || free, `${step} → ${to}: ${actions}`).toBe(true)
    }
  }
})
