import { describe, expect } from 'vitest'
import { code, loop, step, whileLoop } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { mostAtOnce, run } from '../support/runs.ts'
import { echo, effect, fail, slow } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

/** Fails for 2, and leaves its item behind. */
const picky = [
  step('seen', effect, { name: "='item ' + flow_input.iter.value" }),
  code(
    'pick',
    `export function main(item: number) {
       if (item === 2) throw new Error('not ' + item)
       return item
     }`,
    { item: '=flow_input.iter.value' },
  ),
]

describe('a for loop', () => {
  const ordered = flow({
    modules: [
      loop('l', '=flow_input.items', [
        step('a', effect, {
          name: '=flow_input.iter.value',
          value: '=[flow_input.iter.index, flow_input.iter.value, flow_input.x]',
        }),
      ]),
    ],
  })
  rule('runs its steps for each item in turn, and answers their results in order', async () => {
    expect(await run(ordered, { items: ['p', 'q'], x: 7 })).toMatchObject({
      result: [
        [0, 'p', 7],
        [1, 'q', 7],
      ],
      effects: ['p', 'q'],
    })
  })
  rule('over nothing answers []', async () => {
    expect(await run(ordered, { items: [], x: 7 })).toMatchObject({ success: true, result: [] })
  })
  rule('over what is no array fails', async () => {
    expect(await run(ordered, { items: 'pq', x: 7 })).toMatchObject({ success: false, effects: [] })
  })

  const nested = flow({
    modules: [
      step('base', echo, { value: 10 }),
      loop(
        'outer',
        [1, 2],
        [
          step('mine', echo, { value: '=flow_input.iter.value * 100' }),
          loop(
            'inner',
            [5, 6],
            [
              step('a', echo, {
                value:
                  '=results.base + results.mine + flow_input.iter.value + flow_input.iter_parent.index',
              }),
            ],
          ),
        ],
      ),
    ],
  })
  rule('sees the loop around it as iter_parent, and the results around it', async () => {
    expect((await run(nested)).result).toEqual([
      [115, 116],
      [216, 217],
    ])
  })

  const within = flow({
    modules: [
      loop('l', [1], [step('inner', echo, { value: 1 })]),
      step('b', echo, { value: '=[results.inner, results.l]' }),
    ],
  })
  rule('keeps the results of its steps to itself', async () => {
    expect((await run(within)).result).toEqual([null, [1]])
  })

  const stopping = flow({
    modules: [loop('l', [1, 2, 3], picky), step('b', effect, { name: 'b' })],
  })
  rule('in sequence stops at the first failure, and fails the flow', async () => {
    const { success, effects } = await run(stopping)
    expect({ success, effects }).toEqual({ success: false, effects: ['item 1', 'item 2'] })
  })
  rule('that fails answers what its iterations did', async () => {
    expect((await run(stopping)).result).toMatchObject([1, { error: { message: 'not 2' } }])
  })

  const skipping = flow({
    modules: [
      loop('l', [1, 2, 3], picky, { skip_failures: true }),
      step('b', echo, { value: '=results.l' }),
    ],
  })
  rule('goes on over failures with skip_failures', async () => {
    const { success, result, effects } = await run(skipping)
    expect({ success, effects }).toEqual({ success: true, effects: ['item 1', 'item 2', 'item 3'] })
    expect(result).toMatchObject([1, { error: { message: 'not 2' } }, 3])
  })

  const rough = flow({
    modules: [
      step('a', echo, { value: [1, 2] }),
      loop('l', '=results.a', picky, {}, { continue_on_error: true }),
      step('b', effect, { name: 'b' }),
    ],
  })
  rule('may fail under continue_on_error', async () => {
    expect(await run(rough)).toMatchObject({
      ...{ success: true, effects: ['item 1', 'item 2', 'b'] },
    })
  })
})

describe('a parallel loop', () => {
  const ordered = flow({
    modules: [
      loop(
        'l',
        [0.4, 0.1, 0.2],
        [
          step('a', slow, {
            name: '=String(flow_input.iter.value)',
            seconds: '=flow_input.iter.value',
          }),
        ],
        { parallel: true },
      ),
    ],
  })
  rule('answers in the order of the items, whoever is ready first', async () => {
    expect((await run(ordered)).result).toEqual(['0.4', '0.1', '0.2'])
  })

  const bounded = flow({
    modules: [
      loop(
        'l',
        [1, 2, 3, 4],
        [step('a', slow, { name: '=String(flow_input.iter.value)', seconds: 0.1 })],
        { parallel: true, parallelism: 2 },
      ),
    ],
  })
  rule('runs no more at once than its parallelism', async () => {
    const { success, effects } = await run(bounded)
    expect(success).toBe(true)
    expect(effects).toHaveLength(8)
    expect(mostAtOnce(effects)).toBeLessThanOrEqual(2)
  })

  const failing = flow({
    modules: [
      loop('l', [1, 2, 3], picky, { parallel: true }),
      step('b', effect, { name: 'after' }),
    ],
  })
  rule('waits for all, and then fails if one of them did', async () => {
    const { success, effects } = await run(failing)
    expect(success).toBe(false)
    expect(effects.toSorted()).toEqual(['item 1', 'item 2', 'item 3'])
  })

  const skipping = flow({
    modules: [loop('l', [1, 2, 3], picky, { parallel: true, skip_failures: true })],
  })
  rule('goes on over failures with skip_failures', async () => {
    const { success, result } = await run(skipping)
    expect(success).toBe(true)
    expect(result).toMatchObject([1, { error: { message: 'not 2' } }, 3])
  })
})

describe('a while loop', () => {
  const counting = flow({
    modules: [
      whileLoop('w', [
        step(
          'a',
          effect,
          { name: "='round ' + flow_input.iter.value", value: '=flow_input.iter.index' },
          { stop_after_if: { expr: 'result >= 2', skip_if_stopped: false } },
        ),
      ]),
      step('b', effect, { name: 'b', value: '=results.w' }),
    ],
  })
  rule('goes on until a step stops it; its item is the number of the round', async () => {
    expect(await run(counting)).toMatchObject({
      ...{ result: [0, 1, 2], effects: ['round 0', 'round 1', 'round 2', 'b'] },
    })
  })

  const failing = flow({
    modules: [whileLoop('w', [step('a', fail, { why: 'no' })]), step('b', effect, { name: 'b' })],
  })
  rule('ends where a round fails', async () => {
    expect(await run(failing)).toMatchObject({ success: false, effects: ['fail no'] })
  })
})
