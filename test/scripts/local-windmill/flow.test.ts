import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, as, engine } = await engineUnderTest()

beforeAll(async () => {
  await folder.script('add', 'export async function main(a: number, b: number) { return a + b }')
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.script('fail', 'export function main(why: string) { throw new RangeError(why) }')
})

describe('results', () => {
  it('are handed on, by id and as previous_result', async () => {
    await folder.flow('sum', {
      modules: [
        step('a', 'add', { a: '=flow_input.x', b: 2 }),
        step('b', 'add', { a: '=results.a', b: '=previous_result' }),
      ],
    })
    expect(await api.flow('sum', { x: 1 })).toMatchObject({ status: 200, json: 6 })
  })

  it('of an unknown id are null, and undefined becomes null', async () => {
    await folder.flow('unknown', {
      modules: [step('a', 'echo', { value: '=[results.nobody, results["x"], {u: undefined}.u]' })],
    })
    expect((await api.flow('unknown')).json).toEqual([null, null, null])
  })

  it('keep what JSON can hold, NULs and lone surrogates included', async () => {
    const value = { nul: 'a\0b', lone: '\ud800', deep: [[{ '': [null, 1e300] }]], __proto__x: 1 }
    await folder.flow('odd', { modules: [step('a', 'echo', { value: '=flow_input.value' })] })
    expect((await api.flow('odd', { value })).json).toEqual(value)
  })

  it('are the arguments where previous_result meets the first step', async () => {
    await folder.flow('first', { modules: [step('a', 'echo', { value: '=previous_result' })] })
    expect((await api.flow('first', { x: [1] })).json).toEqual({ x: [1] })
  })

  it('of an identity are the previous result; of an empty flow its arguments', async () => {
    await folder.flow('same', {
      modules: [step('a', 'echo', { value: 7 }), { id: 'b', value: { type: 'identity' } }],
    })
    expect((await api.flow('same')).json).toBe(7)
    await folder.flow('empty', { modules: [] })
    expect((await api.flow('empty', { x: 1 })).json).toEqual({ x: 1 })
  })
})

describe('a step that fails', () => {
  it('fails the flow with name, message, stack and step', async () => {
    await folder.flow('failing', {
      modules: [step('boom', 'fail', { why: 'no' }), step('never', 'echo', { value: 1 })],
    })
    const { status, json } = await api.flow('failing')
    expect(status).toBe(500)
    const { error } = json as { error: { stack: string } }
    expect(error).toMatchObject({ name: 'RangeError', message: 'no', step_id: 'boom' })
    expect(error.stack).toMatch(/f\/t\/fail\.ts:1/)
  })

  it('lets the flow go on with its error under continue_on_error', async () => {
    await folder.flow('going-on', {
      modules: [
        step('boom', 'fail', { why: 'no' }, { continue_on_error: true }),
        step('b', 'echo', { value: '=[previous_result.error.message, results.boom.error.name]' }),
      ],
    })
    expect(await api.flow('going-on')).toMatchObject({ status: 200, json: ['no', 'RangeError'] })
  })

  it('runs the failure module once; the flow stays failed unless it recovers', async () => {
    const handler = (recover: boolean) =>
      code(
        'failure',
        `export function main(e: any, x: number) { return { why: e.message, at: e.step_id, x, recover: ${recover} } }`,
        { e: '=error', x: '=flow_input.x' },
      )
    const modules = [step('boom', 'fail', { why: 'no' })]
    await folder.flow('handled', { modules, failure_module: handler(false) })
    await folder.flow('recovered', { modules, failure_module: handler(true) })
    const handled = await api.flow('handled', { x: 3 })
    expect(handled).toMatchObject({ status: 500, json: { why: 'no', at: 'boom', x: 3 } })
    const recovered = await api.flow('recovered', { x: 4 })
    expect(recovered).toMatchObject({ status: 200, json: { why: 'no', x: 4 } })
  })

  it('in the failure module fails the flow with that error', async () => {
    await folder.flow('handler-fails', {
      modules: [step('boom', 'fail', { why: 'first' })],
      failure_module: step('failure', 'fail', { why: 'second' }),
    })
    const { status, json } = await api.flow('handler-fails')
    expect(status).toBe(500)
    expect(json).toMatchObject({ error: { message: 'second', step_id: 'failure' } })
  })
})

describe('stop_after_if, skip_if and sleep', () => {
  it('ends the flow with the result of the step that stops it', async () => {
    await folder.flow('stopping', {
      modules: [
        step('a', 'echo', { value: 5 }, { stop_after_if: { expr: 'result > flow_input.limit' } }),
        step('b', 'echo', { value: 'went on' }),
      ],
    })
    expect((await api.flow('stopping', { limit: 4 })).json).toBe(5)
    expect((await api.flow('stopping', { limit: 9 })).json).toBe('went on')
  })

  it('marks the job as skipped when the stop says so', async () => {
    await folder.flow('stop-skipped', {
      modules: [
        step('a', 'echo', { value: 5 }, { stop_after_if: { expr: 'true', skip_if_stopped: true } }),
      ],
    })
    const job = await api.ended(await api.start('stop-skipped'))
    expect(job).toMatchObject({ success: true, is_skipped: true, result: 5 })
  })

  it('skips a step, whose result is then the previous one', async () => {
    await folder.flow('skipping', {
      modules: [
        step('a', 'echo', { value: 'first' }),
        step(
          'b',
          'echo',
          { value: 'second' },
          { skip_if: { expr: 'previous_result === "first"' } },
        ),
        step('c', 'echo', { value: '=[results.b, previous_result]' }),
      ],
    })
    const id = await api.start('skipping')
    const job = await api.ended(id)
    expect(job.result).toEqual(['first', 'first'])
    expect(job.flow_status?.modules[1]).toMatchObject({ id: 'b', type: 'Success', skipped: true })
  })

  it('sleeps after a step, before the next', async () => {
    const now = 'export function main() { return Date.now() }'
    await folder.flow('sleeping', {
      modules: [
        code('a', now, {}, { sleep: { type: 'javascript', expr: 'flow_input.seconds' } }),
        code('b', now),
        step('c', 'echo', { value: '=results.b - results.a' }),
      ],
    })
    const { json } = await api.flow('sleeping', { seconds: 0.4 })
    expect(json).toBeGreaterThanOrEqual(400)
    expect(await api.flow('sleeping', { seconds: 'long' })).toMatchObject({
      status: 500,
      json: { error: { name: 'SleepError', step_id: 'a' } },
    })
  })
})

describe('early_return', () => {
  const held = (file: string) =>
    code(
      'late',
      `import { existsSync } from 'node:fs'
       export async function main(file: string) {
         while (!existsSync(file)) await new Promise((done) => setTimeout(done, 10))
         return 'late'
       }`,
      { file },
    )

  it('answers those who wait with a module’s result, and the flow goes on', async () => {
    const gate = `${folder.root}/early-gate`
    const early = step('early', 'echo', { value: '=[flow_input.n]' })
    await folder.flow('early', { modules: [early, held(gate)], early_return: 'early' })
    const id = randomUUID()
    const answer = await api.post(`/jobs/run_wait_result/f/f/t/early?job_id=${id}`, { n: 3 })
    expect(answer).toMatchObject({ status: 200, json: [3] })
    expect((await api.job(id)).type).toBe('QueuedJob')
    await folder.file('early-gate', '')
    expect((await api.ended(id)).result).toBe('late')
    // Whoever asks again, after the end, gets the same answer.
    expect(
      (await api.post(`/jobs/run_wait_result/f/f/t/early?job_id=${id}`, { n: 3 })).json,
    ).toEqual([3])
  })

  it('answers its failure, and the flow’s end where the flow does not come so far', async () => {
    const boom = step('boom', 'fail', { why: 'no' })
    const early = step('early', 'echo', { value: 1 })
    await folder.flow('early-fails', { modules: [boom], early_return: 'boom' })
    const failed = { status: 500, json: { error: { message: 'no', step_id: 'boom' } } }
    expect(await api.flow('early-fails')).toMatchObject(failed)
    await folder.flow('early-never', { modules: [boom, early], early_return: 'early' })
    expect(await api.flow('early-never')).toMatchObject(failed)
  })
})

describe('a mocked module', () => {
  const boom = (mock: object, rest = {}) =>
    step('boom', 'fail', { why: '=no.such' }, { mock, ...rest })
  const seen = step('b', 'echo', { value: '=[previous_result, results.boom]' })

  it('answers its value, and neither runs nor reads its inputs', async () => {
    await folder.flow('mocked', {
      modules: [boom({ enabled: true, return_value: { n: 1 } }), seen],
    })
    expect((await api.flow('mocked')).json).toEqual([{ n: 1 }, { n: 1 }])
    await folder.flow('mocked-null', { modules: [boom({ enabled: true }), seen] })
    expect((await api.flow('mocked-null')).json).toEqual([null, null])
    await folder.flow('mocked-off', { modules: [boom({ enabled: false, return_value: 1 }), seen] })
    expect((await api.flow('mocked-off')).status).toBe(500)
  })

  it('keeps its conditions, and stands in for a loop as well', async () => {
    const mock = { enabled: true, return_value: [4] }
    await folder.flow('mocked-stop', {
      modules: [boom(mock, { stop_after_if: { expr: 'result[0] === 4' } }), seen],
    })
    expect((await api.flow('mocked-stop')).json).toEqual([4])
    const value = {
      type: 'forloopflow',
      iterator: { type: 'javascript', expr: 'no.such' },
      modules: [],
    }
    await folder.flow('mocked-loop', { modules: [{ id: 'boom', value, mock }, seen] })
    expect((await api.flow('mocked-loop')).json).toEqual([[4], [4]])
  })
})

describe('retries', () => {
  const flaky = (file: string, failures: number) =>
    `import { appendFileSync, readFileSync } from 'node:fs'
     export function main(seen: number) {
       appendFileSync(${JSON.stringify(file)}, seen + '@' + Date.now() + '\\n')
       const tries = readFileSync(${JSON.stringify(file)}, 'utf8').trim().split('\\n')
       if (tries.length <= ${failures}) throw new Error('try ' + tries.length)
       return tries
     }`

  it('come constant first, then exponential over all failures, with the same arguments', async () => {
    await folder.flow('retried', {
      modules: [
        code(
          'a',
          flaky(`${folder.root}/tries`, 2),
          { seen: '=Math.random()' },
          {
            retry: {
              constant: { attempts: 1, seconds: 0.2 },
              exponential: { attempts: 1, multiplier: 1.5, seconds: 0.5 },
            },
          },
        ),
      ],
    })
    const { status, json } = await api.flow('retried')
    expect(status).toBe(200)
    const tries = (json as string[]).map((line) => line.split('@').map(Number))
    expect(new Set(tries.map(([seen]) => seen)).size).toBe(1)
    const [first = 0, second = 0, third = 0] = tries.map(([, at]) => at ?? 0)
    expect(second - first).toBeGreaterThanOrEqual(195)
    // 1.5 * 0.5 ** 2, for the second failure.
    expect(third - second).toBeGreaterThanOrEqual(370)
    expect(third - second).toBeLessThan(2000)
  })

  it('end with the last error, and only then continue_on_error holds', async () => {
    const retry = { constant: { attempts: 2, seconds: 0 } }
    await folder.flow('exhausted', {
      modules: [
        code('a', flaky(`${folder.root}/gone`, 9), {}, { retry, continue_on_error: true }),
        step('b', 'echo', { value: '=previous_result.error.message' }),
      ],
    })
    const id = await api.start('exhausted')
    const job = await api.ended(id)
    expect(job.result).toBe('try 3')
    expect(job.flow_status?.modules[0]).toMatchObject({ fail_count: 2, type: 'Failure' })
  })

  it('are made only while retry_if holds, which sees the error and the result', async () => {
    const retry = (expr: string) => ({
      retry: { constant: { attempts: 5, seconds: 0 }, retry_if: { expr } },
    })
    const seen =
      'error.message !== "try " + flow_input.last && result.error.message === error.message'
    await folder.flow('choosy', {
      modules: [code('a', flaky(`${folder.root}/choosy`, 9), {}, retry(seen))],
    })
    await folder.flow('choosy-broken', {
      modules: [code('a', flaky(`${folder.root}/broken`, 9), {}, retry('nothing.here'))],
    })
    const job = await api.ended(await api.start('choosy', { last: 3 }))
    expect(job.flow_status?.modules[0]).toMatchObject({ fail_count: 2, type: 'Failure' })
    expect(job.result).toMatchObject({ error: { message: 'try 3', step_id: 'a' } })
    const broken = await api.flow('choosy-broken')
    expect(broken.json).toMatchObject({ error: { name: 'ExpressionError', step_id: 'a' } })
    expect(broken.text).toContain('retry_if')
  })

  it('of a sub-flow run all of it again', async () => {
    await folder.flow('inner', {
      modules: [
        code(
          'mark',
          `import { appendFileSync } from 'node:fs'
          export function main() { appendFileSync('${folder.root}/inner', 'x') }`,
        ),
        code('try', flaky(`${folder.root}/outer`, 1)),
        code(
          'count',
          `import { readFileSync } from 'node:fs'
          export function main() { return readFileSync('${folder.root}/inner', 'utf8') }`,
        ),
      ],
    })
    const retry = { constant: { attempts: 1, seconds: 0 } }
    await folder.flow('around', {
      modules: [
        { id: 's', value: { type: 'flow', path: 'f/t/inner', input_transforms: {} }, retry },
      ],
    })
    expect((await api.flow('around')).json).toBe('xx')
  })
})

describe('sub-flows', () => {
  it('get their own arguments and see the results around them', async () => {
    await folder.flow('child', {
      modules: [step('c', 'echo', { value: '=[flow_input, results.a, results.nobody]' })],
    })
    await folder.flow('parent', {
      modules: [
        step('a', 'echo', { value: 'outer' }),
        {
          id: 's',
          value: {
            type: 'flow',
            path: 'f/t/child',
            input_transforms: { x: { type: 'javascript', expr: 'results.a' } },
          },
        },
      ],
    })
    expect((await api.flow('parent')).json).toEqual([{ x: 'outer' }, 'outer', null])
  })

  it('are stopped alone', async () => {
    await folder.flow('stopped-child', {
      modules: [
        step('c', 'echo', { value: 1 }, { stop_after_if: { expr: 'true' } }),
        step('d', 'echo', { value: 2 }),
      ],
    })
    await folder.flow('stop-parent', {
      modules: [
        { id: 's', value: { type: 'flow', path: 'f/t/stopped-child', input_transforms: {} } },
        step('after', 'echo', { value: '=previous_result + 10' }),
      ],
    })
    expect((await api.flow('stop-parent')).json).toBe(11)
  })

  it('that call themselves without end are ended', async () => {
    await folder.flow('endless', {
      modules: [{ id: 's', value: { type: 'flow', path: 'f/t/endless', input_transforms: {} } }],
    })
    expect(await api.flow('endless')).toMatchObject({
      status: 500,
      json: { error: { name: 'TooDeep' } },
    })
  })
})

describe('variables and resources', () => {
  beforeAll(async () => {
    await engine.setVariable('f/t/word', 'secret word', { secret: true })
    await engine.setResource('f/t/thing', { word: '$var:f/t/word', n: 1 }, 'thing')
  })

  it('are looked up in expressions', async () => {
    await folder.flow('lookup', {
      modules: [
        step('a', 'echo', { value: "=variable('f/t/word') + resource('f/t/thing').n" }),
        step('b', 'echo', { value: "=return [await variable('f/t/word'), previous_result]" }),
      ],
    })
    expect((await api.flow('lookup')).json).toEqual(['secret word', 'secret word1'])
  })

  it('replace strings that wholly name them', async () => {
    await folder.flow('references', {
      modules: [
        step('a', 'echo', { value: '$res:f/t/thing' }),
        step('b', 'echo', { value: ['$var:f/t/word', 'not $var:f/t/word'] }),
        step('c', 'echo', { value: '=flow_input.word' }),
        step('d', 'echo', { value: '=[results.a, results.b, results.c]' }),
      ],
    })
    expect((await as('admin').flow('references', { word: '$var:f/t/word' })).json).toEqual([
      { word: 'secret word', n: 1 },
      ['secret word', 'not $var:f/t/word'],
      'secret word',
    ])
  })

  it('that do not exist fail the step by name', async () => {
    await folder.flow('missing', { modules: [step('a', 'echo', { value: '$var:f/t/nothing' })] })
    expect(await api.flow('missing')).toMatchObject({
      status: 500,
      json: { error: { message: 'variable f/t/nothing does not exist', step_id: 'a' } },
    })
  })
})
