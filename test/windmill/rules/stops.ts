import { describe, expect } from 'vitest'
import { branchAll, branchOne, loop, step, subflow } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { run } from '../support/runs.ts'
import { echo, effect } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

const stop = (expr: string, skip_if_stopped = false) => ({
  stop_after_if: { expr, skip_if_stopped },
})
const after = step('after', effect, { name: 'after', value: 'after' })

describe('stop_after_if', () => {
  const stopping = flow({
    modules: [
      step('a', echo, { value: 5 }, stop('result > flow_input.limit && previous_result === 5')),
      after,
    ],
  })
  rule('ends the flow with the result of the step', async () => {
    expect(await run(stopping, { limit: 4 })).toMatchObject({
      ...{ success: true, result: 5, effects: [], skipped: false },
    })
    expect(await run(stopping, { limit: 9 })).toMatchObject({ result: 'after' })
  })

  const skipped = flow({ modules: [step('a', echo, { value: 5 }, stop('true', true)), after] })
  rule('marks the job as skipped where it says so', async () => {
    expect(await run(skipped)).toMatchObject({ success: true, skipped: true, effects: [] })
  })

  const inLoop = flow({
    modules: [
      loop(
        'l',
        [1, 2, 3],
        [
          step(
            'a',
            effect,
            { name: "='item ' + flow_input.iter.value", value: '=flow_input.iter.value' },
            stop('result === 2'),
          ),
          step('b', effect, { name: 'b', value: '=results.a * 10' }),
        ],
      ),
      step('after', effect, { name: 'after', value: '=results.l' }),
    ],
  })
  rule('inside a loop ends the loop alone', async () => {
    expect(await run(inLoop)).toMatchObject({
      ...{ success: true, result: [10, 2], effects: ['item 1', 'b', 'item 2', 'after'] },
    })
  })

  const inBranch = flow({
    modules: [branchOne('one', { true: [step('a', echo, { value: 5 }, stop('true'))] }), after],
  })
  rule('inside a branch ends the whole flow', async () => {
    expect(await run(inBranch)).toMatchObject({ success: true, result: 5, effects: [] })
  })

  const branches = [
    { modules: [step('a', echo, { value: 5 }, stop('true'))] },
    { modules: [step('b', effect, { name: 'b', value: 6 })] },
  ]
  const inSequence = flow({ modules: [branchAll('all', branches, { parallel: false }), after] })
  rule('inside one of several branches in sequence ends the whole flow', async () => {
    expect(await run(inSequence)).toMatchObject({ success: true, result: [5], effects: [] })
  }, [
    {
      since: '1.818.0',
      how: 'the result is that of the branch alone',
      holds: async () => {
        expect(await run(inSequence)).toMatchObject({ success: true, result: 5, effects: [] })
      },
    },
  ])

  const sideBySide = flow({
    modules: [branchAll('all', branches), step('after', effect, { value: '=results.all' })],
  })
  rule('inside one of several branches side by side ends that branch alone', async () => {
    expect(await run(sideBySide)).toMatchObject({ success: true, result: [5, 6] })
  }, [{ since: '1.818.0', how: 'the branch that ends last may end the flow' }])

  const inner = flow({ modules: [step('a', echo, { value: 5 }, stop('true')), after] })
  const outer = flow({
    modules: [subflow('sub', inner), step('b', effect, { name: 'b', value: '=results.sub' })],
  })
  rule('inside a sub-flow ends the sub-flow alone', async () => {
    expect(await run(outer)).toMatchObject({ success: true, result: 5, effects: ['b'] })
  })

  const refusing = flow({
    modules: [
      step('a', echo, { value: 5 }, { stop_after_if: { expr: 'true', error_message: 'too much' } }),
      after,
    ],
  })
  rule('with an error_message fails the flow with it', async () => {
    const { success, result, effects } = await run(refusing)
    expect({ success, effects }).toEqual({ success: false, effects: [] })
    expect(JSON.stringify(result)).toContain('too much')
  })

  const allIterations = flow({
    modules: [
      loop(
        'l',
        [1, 2],
        [step('a', echo, { value: '=flow_input.iter.value' })],
        {},
        { stop_after_all_iters_if: { expr: 'result.length === 2', skip_if_stopped: false } },
      ),
      after,
    ],
  })
  rule('after all iterations sees all results, and ends the flow', async () => {
    expect(await run(allIterations)).toMatchObject({
      ...{ success: true, result: [1, 2], effects: [] },
    })
  })
})

describe('skip_if', () => {
  const skipping = flow({
    modules: [
      step('a', echo, { value: 'first' }),
      step('b', effect, { name: 'b' }, { skip_if: { expr: 'results.a === flow_input.x' } }),
      step('c', effect, { name: 'c', value: '=[results.b, previous_result]' }),
    ],
  })
  rule('passes over a step, whose result is then the previous one', async () => {
    expect(await run(skipping, { x: 'first' })).toMatchObject({
      ...{ success: true, result: ['first', 'first'], effects: ['c'] },
    })
    expect((await run(skipping, { x: 'other' })).effects).toEqual(['b', 'c'])
  })
})

describe('sleep', () => {
  const sleeping = flow({
    modules: [
      step(
        'a',
        effect,
        { name: 'a', value: 1 },
        { sleep: { type: 'javascript', expr: 'flow_input.x + result' } },
      ),
      step('b', effect, { name: 'b', value: '=results.a' }),
    ],
  })
  rule('comes after its step and before the next', async () => {
    const began = Date.now()
    expect(await run(sleeping, { x: 0 })).toMatchObject({ result: 1, effects: ['a', 'b'] })
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000)
  })
})

describe('early_return', () => {
  const early = flow({
    modules: [step('a', echo, { value: 'early' }), step('b', echo, { value: 'late' })],
    early_return: 'a',
  })
  rule('does not change the result of the flow itself', async () => {
    expect(await run(early)).toMatchObject({ success: true, result: 'late' })
  })
})
