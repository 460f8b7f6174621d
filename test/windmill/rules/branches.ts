import { describe, expect } from 'vitest'
import { branchAll, branchOne, loop, step, subflow } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { run } from '../support/runs.ts'
import { echo, effect, fail } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

describe('branch one', () => {
  const chosen = flow({
    modules: [
      step('a', echo, { value: '=flow_input.x' }),
      branchOne('one', {
        'results.a > 10': [step('b', effect, { name: 'many' })],
        'previous_result > 5': [
          step('c', effect, { name: 'some' }),
          step('d', effect, { name: 'more', value: '=[results.a, results.c]' }),
        ],
        'flow_input.x > 3': [step('e', effect, { name: 'few' })],
        default: [step('f', effect, { name: 'none', value: 'none' })],
      }),
    ],
  })
  rule('takes the first branch whose condition holds; its last result counts', async () => {
    expect(await run(chosen, { x: 7 })).toMatchObject({
      ...{ result: [7, null], effects: ['some', 'more'] },
    })
    expect((await run(chosen, { x: 20 })).effects).toEqual(['many'])
  })
  rule('takes the default where none holds', async () => {
    expect(await run(chosen, { x: 0 })).toMatchObject({ result: 'none', effects: ['none'] })
  })

  const empty = flow({
    modules: [
      branchOne('one', { 'flow_input.x': [], default: [step('a', echo, { value: 1 })] }),
      step('b', echo, { value: '=previous_result' }),
    ],
  })
  rule('with nothing in the branch it takes answers []', async () => {
    expect((await run(empty, { x: true })).result).toEqual([])
  })

  const failing = flow({
    modules: [
      branchOne('one', { true: [step('a', fail, { why: 'no' })] }),
      step('b', effect, { name: 'b' }),
    ],
  })
  rule('fails with its branch', async () => {
    expect(await run(failing)).toMatchObject({
      ...{ success: false, effects: ['fail no'], result: { error: { message: 'no' } } },
    })
  })
})

describe('branch all', () => {
  const one = (name: string) => ({ modules: [step(name, effect, { name, value: name })] })
  const bad = { modules: [step('bad', fail, { why: 'no' })] }

  const parallel = flow({ modules: [branchAll('all', [one('p'), one('q')])] })
  rule('runs every branch, and answers in their order', async () => {
    const { result, effects } = await run(parallel)
    expect(result).toEqual(['p', 'q'])
    expect(effects.toSorted()).toEqual(['p', 'q'])
  })

  const sequential = flow({
    modules: [branchAll('all', [one('p'), one('q'), one('r')], { parallel: false })],
  })
  rule('runs them one after the other where it is not parallel', async () => {
    expect(await run(sequential)).toMatchObject({
      ...{ result: ['p', 'q', 'r'], effects: ['p', 'q', 'r'] },
    })
  })

  const failing = flow({
    modules: [branchAll('all', [bad, one('q')]), step('b', effect, { name: 'b' })],
  })
  rule('waits for all, and fails if one of them did', async () => {
    const { success, effects, result } = await run(failing)
    expect(success).toBe(false)
    expect(effects.toSorted()).toEqual(['fail no', 'q'])
    expect(result).toMatchObject([{ error: { message: 'no' } }, 'q'])
  })

  const stopping = flow({
    modules: [branchAll('all', [one('p'), bad, one('q')], { parallel: false })],
  })
  rule('in sequence stops at the first failure', async () => {
    const { success, effects } = await run(stopping)
    expect({ success, effects }).toEqual({ success: false, effects: ['p', 'fail no'] })
  })

  const skipping = flow({
    modules: [
      branchAll('all', [{ ...bad, skip_failure: true }, one('q')], { parallel: false }),
      step('b', echo, { value: '=results.all' }),
    ],
  })
  rule('goes on over a branch with skip_failure', async () => {
    const { success, result, effects } = await run(skipping)
    expect({ success, effects }).toEqual({ success: true, effects: ['fail no', 'q'] })
    expect(result).toMatchObject([{ error: { message: 'no' } }, 'q'])
  })

  const hollow = flow({ modules: [branchAll('all', [one('p'), { modules: [] }])] })
  rule('answers the arguments of the flow for a branch without steps', async () => {
    expect((await run(hollow, { x: 1 })).result).toEqual(['p', { x: 1 }])
  })

  const looped = flow({
    modules: [
      loop(
        'l',
        [1, 2],
        [
          branchAll('all', [
            { modules: [step('a', echo, { value: '=flow_input.iter.value' })] },
            { modules: [step('b', echo, { value: '=flow_input.iter.value * 2' })] },
          ]),
        ],
      ),
    ],
  })
  rule('sees the loop around it', async () => {
    expect((await run(looped)).result).toEqual([
      [1, 2],
      [2, 4],
    ])
  })
})

describe('a sub-flow', () => {
  const inner = flow({
    modules: [step('a', effect, { name: 'inner', value: '=[flow_input.y, flow_input.x ?? null]' })],
  })
  const outer = flow({
    modules: [
      step('a', effect, { name: 'outer', value: 1 }),
      subflow('sub', inner, { y: '=results.a + 1' }),
      step('b', effect, { name: 'after', value: '=results.sub' }),
    ],
  })
  rule('takes its own arguments alone, and answers its result', async () => {
    expect(await run(outer, { x: 5 })).toMatchObject({
      ...{ result: [2, null], effects: ['outer', 'inner', 'after'] },
    })
  })

  const broken = flow({ modules: [step('a', fail, { why: 'deep' })] })
  const around = flow({ modules: [subflow('sub', broken), step('b', effect, { name: 'b' })] })
  rule('that fails fails the flow around it', async () => {
    expect(await run(around)).toMatchObject({
      ...{ success: false, effects: ['fail deep'], result: { error: { message: 'deep' } } },
    })
  })
})
