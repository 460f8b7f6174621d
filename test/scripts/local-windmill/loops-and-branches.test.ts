import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api } = await engineUnderTest()

const loop = (id: string, expr: string, modules: object[], rest = {}) => ({
  id,
  value: {
    type: 'forloopflow',
    iterator: { type: 'javascript', expr },
    skip_failures: false,
    modules,
    ...rest,
  },
})

beforeAll(async () => {
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.script(
    'odd',
    `export function main(n: number) { if (n % 2 === 0) throw new Error(n + ' is even'); return n }`,
  )
})

describe('a loop', () => {
  it('runs its modules for each item, in order, with iter in scope', async () => {
    await folder.flow('each', {
      modules: [
        loop('l', 'flow_input.items', [
          step('x', 'echo', { value: '=flow_input.iter.value * 10' }),
          step('y', 'echo', {
            value: '=[flow_input.iter.index, results.x, flow_input.items.length]',
          }),
        ]),
      ],
    })
    expect((await api.flow('each', { items: [1, 2] })).json).toEqual([
      [0, 10, 2],
      [1, 20, 2],
    ])
    expect((await api.flow('each', { items: [] })).json).toEqual([])
  })

  it('in a loop sees its parent as iter_parent', async () => {
    await folder.flow('nested', {
      modules: [
        loop('o', '["a", "b"]', [
          loop('i', '[1, 2]', [
            step('x', 'echo', {
              value: '=flow_input.iter_parent.value + flow_input.iter.value',
            }),
          ]),
        ]),
      ],
    })
    expect((await api.flow('nested')).json).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ])
  })

  it('stops at the first failure, or keeps the errors in their places', async () => {
    const odd = step('x', 'odd', { n: '=flow_input.iter.value' })
    await folder.flow('failing', { modules: [loop('l', '[1, 2, 3]', [odd])] })
    await folder.flow('skipping', {
      modules: [loop('l', '[1, 2, 3]', [odd], { skip_failures: true })],
    })
    const id = await api.start('failing')
    const job = await api.ended(id)
    expect(job).toMatchObject({
      success: false,
      result: [1, { error: { message: '2 is even', step_id: 'x' } }],
    })
    expect(job.flow_status?.modules[0]?.flow_jobs).toHaveLength(2)
    expect((await api.flow('skipping')).json).toMatchObject([
      1,
      { error: { message: '2 is even' } },
      3,
    ])
  })

  it('is broken off by a stop inside, and the flow goes on', async () => {
    await folder.flow('breaking', {
      modules: [
        loop('l', '[1, 2, 3]', [
          step(
            'x',
            'echo',
            { value: '=flow_input.iter.value' },
            { stop_after_if: { expr: 'result === 2' } },
          ),
          step('y', 'echo', { value: '=results.x * 100' }),
        ]),
        step('z', 'echo', { value: '=[results.l, "on"]' }),
      ],
    })
    expect((await api.flow('breaking')).json).toEqual([[100, 2], 'on'])
  })

  it('over anything but an array fails', async () => {
    await folder.flow('no-array', { modules: [loop('l', '({})', [])] })
    expect(await api.flow('no-array')).toMatchObject({
      status: 500,
      json: { error: { name: 'IteratorError', step_id: 'l' } },
    })
  })

  it('in parallel keeps the order and the bound, and waits for all before it fails', async () => {
    const busy = code(
      'x',
      `import { appendFileSync } from 'node:fs'
       export async function main(n: number, file: string) {
         appendFileSync(file, '+\\n')
         await new Promise((done) => setTimeout(done, 150 - n * 20))
         appendFileSync(file, '-\\n')
         if (n === 1) throw new Error('one')
         return n
       }`,
      { n: '=flow_input.iter.value', file: '=flow_input.file' },
    )
    const parallel = { parallel: true, parallelism: 2 }
    await folder.flow('parallel', {
      modules: [loop('l', '[0, 2, 3, 4, 5]', [busy], parallel)],
    })
    await folder.flow('parallel-fails', { modules: [loop('l', '[0, 1, 2, 3]', [busy], parallel)] })
    const file = `${folder.root}/busy`
    expect((await api.flow('parallel', { file })).json).toEqual([0, 2, 3, 4, 5])
    expect(await deepest(file)).toBe(2)
    const failing = `${folder.root}/busy-failing`
    const id = await api.start('parallel-fails', { file: failing })
    const job = await api.ended(id)
    expect(job).toMatchObject({
      success: false,
      result: [0, { error: { message: 'one', step_id: 'x' } }, 2, 3],
    })
    expect(job.flow_status?.modules[0]?.flow_jobs_success).toEqual([true, false, true, true])
  })
})

describe('a loop’s own stop_after_if', () => {
  const item = step('x', 'echo', { value: '=flow_input.iter.value' })
  const on = step('z', 'echo', { value: '=[results.l, "on"]' })
  const with_ = (expr: string, rest = {}) => ({
    modules: [{ ...loop('l', 'flow_input.items', [item], rest), stop_after_if: { expr } }, on],
  })

  it('sees each iteration and those so far, breaks the loop, and the flow goes on', async () => {
    await folder.flow('breaks', with_('result === flow_input.last || all_iters.length === 3'))
    const items = [5, 6, 7, 8]
    expect((await api.flow('breaks', { items, last: 6 })).json).toEqual([[5, 6], 'on'])
    expect((await api.flow('breaks', { items, last: 0 })).json).toEqual([[5, 6, 7], 'on'])
  })

  it('has no effect, and says so, where iterations run side by side', async () => {
    await folder.flow('breaks-not', with_('true', { parallel: true }))
    const id = await api.start('breaks-not', { items: [1, 2] })
    expect((await api.ended(id)).result).toEqual([[1, 2], 'on'])
    expect(await api.logs(id)).toMatch(/stop_after_if of module l has no effect/)
  })

  it('that fails fails the loop', async () => {
    await folder.flow('breaks-badly', with_('nothing.here'))
    expect(await api.flow('breaks-badly', { items: [1, 2] })).toMatchObject({
      status: 500,
      json: { error: { name: 'ExpressionError', step_id: 'l' } },
    })
  })
})

describe('stop_after_all_iters_if', () => {
  it('sees all results and ends the flow with them', async () => {
    const item = step('x', 'echo', { value: '=flow_input.iter.value' })
    const stop_after_all_iters_if = { expr: 'result.length === 2', skip_if_stopped: true }
    await folder.flow('all-iters', {
      modules: [
        { ...loop('l', 'flow_input.items', [item]), stop_after_all_iters_if },
        step('z', 'echo', { value: 'on' }),
      ],
    })
    const stopped = await api.ended(await api.start('all-iters', { items: [1, 2] }))
    expect(stopped).toMatchObject({ success: true, is_skipped: true, result: [1, 2] })
    expect((await api.flow('all-iters', { items: [1, 2, 3] })).json).toBe('on')
  })

  it('ends a flow after all branches', async () => {
    const branches = [{ modules: [step('x', 'echo', { value: 7 })] }]
    await folder.flow('all-branches', {
      modules: [
        {
          id: 'b',
          value: { type: 'branchall', branches },
          stop_after_all_iters_if: { expr: 'result[0] === 7' },
        },
        step('z', 'echo', { value: 'on' }),
      ],
    })
    expect((await api.flow('all-branches')).json).toEqual([7])
  })
})

describe('a while loop', () => {
  const rounds = (modules: object[], rest = {}, value = {}) => ({
    modules: [
      {
        id: 'w',
        value: { type: 'whileloopflow', skip_failures: false, modules, ...value },
        ...rest,
      },
    ],
  })

  it('counts in iter, until its stop_after_if holds', async () => {
    const pair = step('x', 'echo', { value: '=[flow_input.iter.index, flow_input.iter.value]' })
    await folder.flow('rounds', rounds([pair], { stop_after_if: { expr: 'result[0] === 2' } }))
    const id = await api.start('rounds')
    const job = await api.ended(id)
    expect(job.result).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
    expect(job.flow_status?.modules[0]?.flow_jobs).toHaveLength(3)
  })

  it('hands on what a module left in the round before, until that module stops it', async () => {
    const grow = step(
      'x',
      'echo',
      { value: '=(results.x ?? 1) * 3' },
      { stop_after_if: { expr: 'result > 20' } },
    )
    await folder.flow('growing', rounds([grow, step('y', 'echo', { value: '=results.x' })]))
    expect((await api.flow('growing')).json).toEqual([3, 9, 27])
  })

  it('ends with the first failure, or keeps it in its place', async () => {
    const odd = [step('x', 'odd', { n: '=flow_input.iter.value + 1' })]
    const stop = { stop_after_if: { expr: 'result === 3' } }
    await folder.flow('failing-rounds', rounds(odd, stop))
    await folder.flow('skipping-rounds', rounds(odd, stop, { skip_failures: true }))
    expect(await api.flow('failing-rounds')).toMatchObject({
      status: 500,
      json: [1, { error: { message: '2 is even', step_id: 'x' } }],
    })
    expect((await api.flow('skipping-rounds')).json).toMatchObject([
      1,
      { error: { message: '2 is even' } },
      3,
    ])
  })

  it('without an end is cancelled', async () => {
    await folder.flow('endless-rounds', rounds([{ id: 'i', value: { type: 'identity' } }]))
    const id = await api.start('endless-rounds')
    await api.until(id, (job) => job.flow_status?.modules[0]?.flow_jobs !== undefined)
    await api.post(`/jobs_u/queue/cancel/${id}`)
    expect(await api.ended(id)).toMatchObject({ success: false, canceled: true })
  })

  it('that runs side by side is refused by name', async () => {
    await folder.flow('side-by-side', rounds([], {}, { parallel: true }))
    const { status, text } = await api.flow('side-by-side')
    expect([status, text]).toEqual([400, expect.stringMatching(/module w uses parallel/)])
  })
})

async function deepest(file: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  let depth = 0
  let most = 0
  for (const mark of (await readFile(file, 'utf8')).trim().split('\n')) {
    depth += mark === '+' ? 1 : -1
    most = Math.max(most, depth)
  }
  return most
}

describe('branchone', () => {
  const choose = (rest: object[] = []) => ({
    modules: [
      {
        id: 'b',
        value: {
          type: 'branchone',
          branches: [
            { expr: 'flow_input.n > 10', modules: [step('big', 'echo', { value: 'big' })] },
            { expr: 'flow_input.n > 5', modules: [] },
            {
              expr: 'flow_input.n > 3',
              modules: [
                step('s', 'echo', { value: 'stop' }, { stop_after_if: { expr: 'true' } }),
                step('t', 'echo', { value: 'not reached' }),
              ],
            },
          ],
          default: [step('d', 'echo', { value: '=[flow_input.n, previous_result.n]' })],
        },
      },
      ...rest,
    ],
  })

  it('takes the first branch that is true, else the default', async () => {
    await folder.flow('choose', choose())
    expect((await api.flow('choose', { n: 11 })).json).toBe('big')
    expect((await api.flow('choose', { n: 6 })).json).toEqual([])
    expect((await api.flow('choose', { n: 1 })).json).toEqual([1, 1])
  })

  it('is stopped together with the flow around it', async () => {
    await folder.flow('choose-on', choose([step('z', 'echo', { value: 'went on' })]))
    expect((await api.flow('choose-on', { n: 4 })).json).toBe('stop')
    expect((await api.flow('choose-on', { n: 11 })).json).toBe('went on')
  })
})

describe('branchall', () => {
  const all = (rest: object) => ({
    modules: [
      step('a', 'echo', { value: 1 }),
      {
        id: 'b',
        value: {
          type: 'branchall',
          branches: [
            { modules: [step('x', 'odd', { n: '=flow_input.n' })], skip_failure: true },
            { modules: [step('y', 'echo', { value: '=results.a' })] },
            { modules: [] },
          ],
          ...rest,
        },
      },
    ],
  })

  it.each([true, false, undefined])(
    'gives all results in order (parallel: %s)',
    async (parallel) => {
      await folder.flow(`all-${parallel}`, all({ parallel }))
      expect((await api.flow(`all-${parallel}`, { n: 3 })).json).toEqual([3, 1, { n: 3 }])
    },
  )

  it('keeps the error of a branch that may fail, and fails with any other', async () => {
    await folder.flow('all-skip', all({}))
    expect((await api.flow('all-skip', { n: 2 })).json).toMatchObject([
      { error: { message: '2 is even' } },
      1,
      { n: 2 },
    ])
    const branches = [{ modules: [step('x', 'odd', { n: 2 })] }, { modules: [] }]
    await folder.flow('all-fail', {
      modules: [{ id: 'b', value: { type: 'branchall', branches } }],
    })
    expect(await api.flow('all-fail')).toMatchObject({
      status: 500,
      json: [{ error: { message: '2 is even', step_id: 'x' } }, {}],
    })
  })
})
