import { expect, test } from 'vitest'
import { moreToCome, readyOf, widthOf } from '../../../../f/devgodzilla/lib/step/plan_order.ts'

type Status = 'pending' | 'running' | 'completed' | 'skipped' | 'failed' | 'needs_qa'
const step = (id: number, depends_on: number[] = [], status: Status = 'pending', more = {}) => ({
  ...{ id, depends_on, status, qa_required: false },
  flow_job_id: status === 'running' ? 'a-job' : null,
  ...more,
})

test('a step is ready when all it depends on is completed or skipped', () => {
  const steps = [
    step(1, [], 'completed'),
    step(2, [], 'skipped'),
    step(3, [1, 2]),
    step(4, [3]),
    step(5, [], 'failed'),
    step(6, [5]),
    step(7),
  ]
  expect(readyOf(steps).map(({ id }) => id)).toEqual([3, 7])
})

test.each([
  ['behind a job', [step(1, [], 'running'), step(2, [1])], true],
  ['behind nothing', [step(1)], true],
  [
    'behind QA that is to come',
    [step(1, [], 'running', { qa_required: true }), step(2, [1])],
    false,
  ],
  ['behind QA', [step(1, [], 'needs_qa'), step(2, [1])], false],
  ['behind a person', [step(1, [], 'running', { flow_job_id: null }), step(2, [1])], false],
  ['behind a failure', [step(1, [], 'failed'), step(2, [1]), step(3, [], 'running')], false],
  ['in no plan', [step(1, [], 'completed')], false],
])('what waits %s', (_where, steps, comes) => {
  expect(moreToCome(steps)).toBe(comes)
})

test.each([
  ['a chain', [step(3, [2]), step(2, [1]), step(1)], 1],
  ['a diamond', [step(1), step(2, [1]), step(3, [1]), step(4, [2, 3])], 2],
  ['steps apart', [step(1), step(2), step(3)], 3],
  ['what is left of a diamond', [step(1, [], 'completed'), step(2, [1]), step(3, [1])], 2],
  ['a plan that is done', [step(1, [], 'completed')], 0],
])('%s needs so many lanes at most', (_shape, steps, lanes) => {
  expect(widthOf(steps)).toBe(lanes)
})
