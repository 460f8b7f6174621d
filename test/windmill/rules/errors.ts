import { describe, expect } from 'vitest'
import { branchOne, code, loop, step, subflow } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { run } from '../support/runs.ts'
import { echo, effect, fail, flaky } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

describe('a step that fails', () => {
  const failing = flow({
    modules: [
      step('a', effect, { name: 'a' }),
      step('boom', fail, { why: 'no' }),
      step('c', effect, { name: 'c' }),
    ],
  })
  rule('fails the flow with its name, message and stack; nothing after it runs', async () => {
    const { success, result, effects } = await run(failing)
    expect({ success, effects }).toEqual({ success: false, effects: ['a', 'fail no'] })
    expect(result.error).toMatchObject({ name: 'RangeError', message: 'no' })
    expect(result.error.stack).toEqual(expect.any(String))
  })

  const goingOn = flow({
    modules: [
      step('boom', fail, { why: 'no' }, { continue_on_error: true }),
      step('b', effect, {
        name: 'b',
        value: '=[previous_result.error.message, results.boom.error.name]',
      }),
    ],
  })
  rule('lets the next step see {error} under continue_on_error', async () => {
    expect(await run(goingOn)).toMatchObject({
      ...{ success: true, result: ['no', 'RangeError'], effects: ['fail no', 'b'] },
    })
  })
})

describe('a failure module', () => {
  const handler = (recover: boolean) => ({
    ...step('failure', effect, {
      name: 'failure',
      value: `=({ why: error.message, name: error.name, x: flow_input.x, recover: ${recover} })`,
    }),
  })
  const modules = [step('boom', fail, { why: 'no' }), step('b', effect, { name: 'b' })]
  const handled = flow({ modules, failure_module: handler(false) })
  rule('runs once, sees the error, and gives the result; the flow stays failed', async () => {
    expect(await run(handled, { x: 3 })).toMatchObject({
      ...{ success: false, effects: ['fail no', 'failure'] },
      result: { why: 'no', name: 'RangeError', x: 3 },
    })
  })

  const recovered = flow({ modules, failure_module: handler(true) })
  rule('makes the flow a success where its result says recover', async () => {
    expect(await run(recovered, { x: 4 })).toMatchObject({
      ...{ success: true, effects: ['fail no', 'failure'], result: { why: 'no', x: 4 } },
    })
  })

  const failingToo = flow({ modules, failure_module: step('failure', fail, { why: 'again' }) })
  rule('that fails fails the flow with its own error', async () => {
    expect(await run(failingToo)).toMatchObject({
      ...{ success: false, effects: ['fail no', 'fail again'] },
      result: { error: { message: 'again' } },
    })
  })

  const inside = (recover: boolean) =>
    step('failure', effect, {
      name: "='failure of ' + flow_input.iter.value",
      value: `=({ why: error.message, recover: ${recover} })`,
    })
  const looped = (how: object, after: object[] = []) =>
    flow({
      modules: [loop('l', [1, 2], [step('boom', fail, { why: 'no' })], how), ...after] as never,
      failure_module: inside(true),
    })
  const report = { why: 'no', recover: true }

  const inLoop = looped({})
  rule('runs inside the iteration that fails, once, and cannot rescue the loop', async () => {
    expect(await run(inLoop)).toMatchObject({
      ...{ success: false, effects: ['fail no', 'failure of 1'], result: [report] },
    })
  })

  const skipping = looped({ skip_failures: true }, [step('b', effect, { name: 'b' })])
  rule('runs in every iteration that fails where failures are skipped', async () => {
    expect(await run(skipping)).toMatchObject({
      success: true,
      effects: ['fail no', 'failure of 1', 'fail no', 'failure of 2', 'b'],
    })
  })

  const rescued = looped({ parallel: true }, [step('b', echo, { value: '=results.l' })])
  rule('rescues iterations that run side by side', async () => {
    expect(await run(rescued)).toMatchObject({ success: true, result: [report, report] })
  }, [{ since: '1.818.0', how: 'the flow ends with the loop' }])

  const lost = flow({
    modules: [loop('l', [1, 2], modules, { parallel: true })],
    failure_module: inside(false),
  })
  rule('runs once in each iteration that fails beside others, and not for the loop', async () => {
    const { success, effects } = await run(lost)
    expect(success).toBe(false)
    expect(effects.toSorted()).toEqual(['fail no', 'fail no', 'failure of 1', 'failure of 2'])
  })

  const inBranch = flow({
    modules: [branchOne('one', { true: modules })],
    failure_module: handler(true),
  })
  rule('runs inside the branch that fails, once, and cannot rescue it', async () => {
    expect(await run(inBranch)).toMatchObject({
      ...{ success: false, effects: ['fail no', 'failure'], result: { why: 'no' } },
    })
  })

  const around = flow({
    modules: [subflow('sub', recovered), step('b', effect, { name: 'b' })],
    failure_module: step('failure', effect, { name: 'outer', value: '=previous_result.why' }),
  })
  rule('of a sub-flow cannot rescue its step; the flow around runs its own as well', async () => {
    expect(await run(around, { x: 5 })).toMatchObject({
      ...{ success: false, effects: ['fail no', 'failure', 'outer'], result: 'no' },
    })
  }, [
    {
      since: '1.818.0',
      how: 'the failure module of the flow around does not run as well',
      holds: async () => {
        const { success, effects } = await run(around, { x: 5 })
        expect({ success, effects }).toEqual({ success: false, effects: ['fail no', 'failure'] })
      },
    },
  ])

  const quiet = flow({
    modules: [step('a', effect, { name: 'a' })],
    failure_module: handler(false),
  })
  rule('does not run where nothing fails', async () => {
    expect(await run(quiet)).toMatchObject({ success: true, effects: ['a'] })
  })
})

describe('a retry', () => {
  const value = '=Math.random()'
  const constant = flow({
    modules: [
      step(
        'a',
        flaky,
        { failures: 2, value },
        { retry: { constant: { attempts: 2, seconds: 0 } } },
      ),
      step('b', effect, { name: 'b', value: '=results.a' }),
    ],
  })
  rule('runs the step again with the same arguments, and forgets the failures', async () => {
    const { success, result, effects } = await run(constant)
    expect({ success, result }).toEqual({ success: true, result: 2 })
    const [first, ...others] = effects
    expect(first).toMatch(/^try 0\.\d+/)
    expect(others).toEqual([first, first, 'b'])
  })

  const exponential = flow({
    modules: [
      step(
        'a',
        flaky,
        { failures: 2 },
        { retry: { exponential: { attempts: 2, multiplier: 1, seconds: 1 } } },
      ),
    ],
  })
  rule('may wait longer each time', async () => {
    expect(await run(exponential)).toMatchObject({
      ...{ success: true, result: 2, effects: Array(3).fill('try null') },
    })
  })

  const both = flow({
    modules: [
      step(
        'a',
        flaky,
        { failures: 2 },
        {
          retry: {
            constant: { attempts: 1, seconds: 0 },
            exponential: { attempts: 2, multiplier: 1, seconds: 1 },
          },
        },
      ),
    ],
  })
  rule('goes through its constant attempts first, then the exponential ones', async () => {
    expect(await run(both)).toMatchObject({ success: true, result: 2 })
  })

  const exhausted = flow({
    modules: [
      step('a', flaky, { failures: 9 }, { retry: { constant: { attempts: 1, seconds: 0 } } }),
    ],
    failure_module: step('failure', effect, { name: 'failure', value: '=error.message' }),
  })
  rule('comes before the failure module', async () => {
    expect(await run(exhausted)).toMatchObject({
      ...{ success: false, result: 'try 2', effects: ['try null', 'try null', 'failure'] },
    })
  })

  const goingOn = flow({
    modules: [
      step(
        'a',
        flaky,
        { failures: 9 },
        { retry: { constant: { attempts: 1, seconds: 0 } }, continue_on_error: true },
      ),
      step('b', echo, { value: '=results.a.error.message' }),
    ],
  })
  rule('comes before continue_on_error', async () => {
    expect(await run(goingOn)).toMatchObject({
      ...{ success: true, result: 'try 2', effects: ['try null', 'try null'] },
    })
  })

  const conditional = flow({
    modules: [
      step(
        'a',
        flaky,
        { failures: 9 },
        {
          retry: {
            constant: { attempts: 5, seconds: 0 },
            retry_if: { expr: "result.error.message !== 'try 2'" },
          },
        },
      ),
    ],
  })
  rule('ends where retry_if no longer holds', async () => {
    expect(await run(conditional)).toMatchObject({
      ...{ success: false, effects: ['try null', 'try null'] },
    })
  }, [
    {
      since: '1.555.2',
      how: 'retry_if is not known yet, so every attempt is made',
      holds: async () => {
        expect((await run(conditional)).effects).toHaveLength(6)
      },
    },
  ])
})

describe('a timeout', () => {
  const cut = flow({
    modules: [
      code(
        'a',
        'export async function main() { await new Promise((done) => setTimeout(done, 60_000)) }',
        {},
        { timeout: 1 },
      ),
      step('b', effect, { name: 'b' }),
    ],
  })
  rule('of a step ends it, and fails the flow', async () => {
    expect(await run(cut)).toMatchObject({
      ...{ success: false, effects: [] },
      result: { error: { message: expect.any(String) } },
    })
  })
})
