import { describe, expect } from 'vitest'
import { code, step, subflow } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { run } from '../support/runs.ts'
import { echo, effect } from '../support/scripts.ts'
import { flow } from '../support/workspace.ts'

const after = [step('a', effect, { name: 'a', value: '=flow_input' })]

describe('a preprocessor', () => {
  const made = flow({
    preprocessor_module: code(
      'preprocessor',
      'export async function preprocessor(event: any) { return { kind: event.kind, n: event.body.n + 1 } }',
    ),
    modules: after,
  })
  rule('makes the arguments of a flow from the webhook that began it', async () => {
    expect(await run(made, { n: 1 })).toMatchObject({
      ...{ success: true, result: { kind: 'webhook', n: 2 }, effects: ['a'] },
    })
  })
  rule('does not run where skip_preprocessor says so', async () => {
    const query = { skip_preprocessor: 'true' }
    expect((await run(made, { n: 1 }, { query })).result).toEqual({ n: 1 })
  })

  const around = flow({ modules: [subflow('sub', made, { n: 5 })] })
  rule('does not run for a sub-flow', async () => {
    expect((await run(around)).result).toEqual({ n: 5 })
  })

  const failing = flow({
    preprocessor_module: code(
      'preprocessor',
      "export function preprocessor() { throw new Error('bad event') }",
    ),
    modules: after,
  })
  rule('that fails fails the flow before its first step', async () => {
    expect(await run(failing)).toMatchObject({
      ...{ success: false, effects: [], result: { error: { message: 'bad event' } } },
    })
  })
})

describe('a flow', () => {
  const skipped = flow({ skip_expr: 'flow_input.skip', modules: after })
  rule('is skipped as a whole where its skip_expr holds', async () => {
    expect(await run(skipped, { skip: true })).toMatchObject({
      ...{ success: true, skipped: true, effects: [] },
    })
    expect(await run(skipped, { skip: false })).toMatchObject({ skipped: false, effects: ['a'] })
  })

  const env = flow({
    flow_env: { place: 'here' },
    modules: [step('a', echo, { value: '=flow_env.place' })],
  })
  rule('hands its flow_env to its expressions', async () => {
    expect(await run(env)).toMatchObject({ success: true, result: 'here' })
  }, [{ since: '1.818.0', how: 'flow_env is not known yet (it came after 1.544.2)' }])
})
