import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

const { folder, api, engine } = await engineUnderTest()

beforeAll(async () => {
  await folder.script('echo', 'export function main(value: unknown) { return value }')
})

describe('a stop with an error_message', () => {
  const stop = (rest: object) => ({ stop_after_if: { expr: 'result === 5', ...rest } })
  const next = step('b', 'echo', { value: 'went on' })

  it('fails the flow with that error, whatever retries and continue_on_error say', async () => {
    const rest = { ...stop({ error_message: 'too much' }), continue_on_error: true }
    const retry = { constant: { attempts: 5, seconds: 30 } }
    await folder.flow('stop', {
      modules: [step('a', 'echo', { value: 5 }, { ...rest, retry }), next],
    })
    const answer = await api.flow('stop')
    expect(answer.status).toBe(500)
    expect(answer.json).toEqual({ error: { name: 'EarlyStopError', message: 'too much' } })
  })

  it('tells the step’s result where asked to, and has a usual text for an empty one', async () => {
    const rest = stop({ error_message: '', error_include_result: true })
    await folder.flow('stop-result', { modules: [step('a', 'echo', { value: 5 }, rest), next] })
    expect((await api.flow('stop-result')).json).toEqual({
      error: { name: 'EarlyStopError', message: expect.stringContaining('stopped'), result: 5 },
    })
  })

  it('runs the failure module, which sees it', async () => {
    await folder.flow('stop-handled', {
      modules: [step('a', 'echo', { value: 5 }, stop({ error_message: 'why' })), next],
      failure_module: step('failure', 'echo', { value: '={ recover: true, saw: error.message }' }),
    })
    const answer = await api.flow('stop-handled')
    expect([answer.status, answer.json]).toEqual([200, { recover: true, saw: 'why' }])
  })

  it('stops the flow from within a branch, and only the loop from within a loop', async () => {
    const inside = [step('a', 'echo', { value: 5 }, stop({ error_message: 'inside' }))]
    const branch = { type: 'branchone', branches: [], default: inside }
    await folder.flow('stop-branch', {
      modules: [{ id: 'x', value: branch, continue_on_error: true }, next],
    })
    expect((await api.flow('stop-branch')).json).toMatchObject({ error: { message: 'inside' } })
    const loop = { type: 'forloopflow', modules: [step('a', 'echo', { value: 5 })] }
    const iterator = { type: 'static', value: [1, 2] }
    await folder.flow('stop-loop', {
      modules: [{ id: 'x', value: { ...loop, iterator }, ...stop({ error_message: 'e' }) }, next],
    })
    expect((await api.flow('stop-loop')).json).toBe('went on')
  })

  it('of all iterations fails the flow', async () => {
    const value = {
      type: 'forloopflow',
      modules: [step('a', 'echo', { value: 5 })],
      iterator: { type: 'static', value: [1, 2] },
    }
    const stop_after_all_iters_if = { expr: 'result.length === 2', error_message: 'two' }
    await folder.flow('stop-all', { modules: [{ id: 'x', value, stop_after_all_iters_if }, next] })
    expect((await api.flow('stop-all')).json).toMatchObject({ error: { message: 'two' } })
  })
})

describe('skip_expr', () => {
  it('skips the whole flow where it is true', async () => {
    await folder.flow('skipped', {
      skip_expr: 'flow_input.skip && new Date(WM_SCHEDULED_FOR).getFullYear() > 2000',
      modules: [step('a', 'echo', { value: 'ran' })],
    })
    const skipped = await api.ended(await api.start('skipped', { skip: true }))
    expect(skipped).toMatchObject({ success: true, is_skipped: true, result: 'stopped early' })
    expect((await api.flow('skipped', { skip: false })).json).toBe('ran')
  })

  it('fails the flow where it cannot be evaluated', async () => {
    await folder.flow('skip-fails', { skip_expr: 'no.such', modules: [step('a', 'echo')] })
    expect((await api.flow('skip-fails')).json).toMatchObject({
      error: { name: 'ExpressionError', message: expect.stringContaining('skip_expr') },
    })
  })
})

describe('flow_env', () => {
  it('is seen by every expression, inside loops too, with what it names', async () => {
    await engine.setVariable('f/t/key', 's3cret', { secret: true })
    await folder.flow('env', {
      flow_env: { place: 'here', key: '$var:f/t/key' },
      modules: [
        {
          id: 'l',
          value: {
            type: 'forloopflow',
            iterator: { type: 'javascript', expr: '[flow_env.place]' },
            modules: [
              code(
                'a',
                'export function main(place: string, key: string) { console.log(key); return [place, key.length] }',
                { place: '=flow_env["place"]', key: '=flow_env.key' },
              ),
            ],
          },
        },
      ],
    })
    const id = await api.start('env')
    expect((await api.ended(id)).result).toEqual([['here', 6]])
    expect(await api.logs(id)).not.toContain('s3cret')
  })

  it('belongs to its own flow: a sub-flow has another', async () => {
    await folder.flow('env-inner', {
      flow_env: { b: 2 },
      modules: [step('a', 'echo', { value: '=[flow_env.a ?? null, flow_env.b]' })],
    })
    const value = { type: 'flow', path: 'f/t/env-inner', input_transforms: {} }
    await folder.flow('env-outer', { flow_env: { a: 1 }, modules: [{ id: 'x', value }] })
    expect((await api.flow('env-outer')).json).toEqual([null, 2])
  })

  it('that names what does not exist fails the flow', async () => {
    await folder.flow('env-gap', { flow_env: { a: '$var:f/t/no' }, modules: [step('a', 'echo')] })
    expect((await api.flow('env-gap')).json).toMatchObject({
      error: { message: expect.stringContaining('f/t/no') },
    })
  })
})
