import { describe, expect } from 'vitest'
import { code, step } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { ended, run, send } from '../support/runs.ts'
import { at, flow, resource, script, variable } from '../support/workspace.ts'

describe('a script', () => {
  const types = flow({
    modules: [
      code(
        'a',
        `export async function main(b: string, when: Date) {
           return { b, year: when instanceof Date ? when.getUTCFullYear() : 'no date' }
         }`,
        { when: '2026-01-02T03:04:05Z', b: 'x' },
      ),
    ],
  })
  rule('gets its arguments by name, whatever their order; a Date is one', async () => {
    expect((await run(types)).result).toEqual({ b: 'x', year: 2026 })
  })

  const nothing = flow({ modules: [code('a', 'export function main() {}')] })
  rule('that answers nothing answers null', async () => {
    expect((await run(nothing)).result).toBeNull()
  })

  const big = flow({ modules: [code('a', 'export function main() { return [2n ** 64n] }')] })
  rule('answers a BigInt as a string', async () => {
    expect((await run(big)).result).toEqual(['18446744073709551616'])
  })

  script('shared', "export const greet = (name: string) => 'Hello ' + name")
  const importing = script(
    'importing',
    "import { greet } from './shared.ts'\nexport function main(name: string) { return greet(name) }",
  )
  rule('imports another by a relative path', async () => {
    expect(
      (await send('POST', `/jobs/run_wait_result/p/${importing}`, { body: { name: 'you' } })).json,
    ).toBe('Hello you')
  })

  const talking = script(
    'talking',
    "export function main() { console.log('a line'); console.error('another') }",
  )
  rule('leaves what it prints in the log of its job', async () => {
    const { text: id } = await send('POST', `/jobs/run/p/${talking}`, { body: {} })
    expect((await ended(id)).success).toBe(true)
    const { text } = await send('GET', `/jobs_u/get_logs/${id}`)
    expect(text).toMatch(/a line[\s\S]*another/)
  })

  const environment = flow({
    modules: [
      code(
        'a',
        `export function main() {
           const { WM_WORKSPACE, WM_JOB_ID, WM_FLOW_JOB_ID, WM_FLOW_STEP_ID } = process.env
           return { WM_WORKSPACE, WM_FLOW_JOB_ID, WM_FLOW_STEP_ID, own: WM_JOB_ID !== WM_FLOW_JOB_ID }
         }`,
      ),
    ],
  })
  rule('finds in its environment where it runs', async () => {
    const { id, result } = await run(environment)
    expect(result).toMatchObject({ WM_FLOW_JOB_ID: id, WM_FLOW_STEP_ID: 'a', own: true })
  })
})

describe('windmill-client', () => {
  const note = variable('note', 'plain')
  const secret = variable('client_secret', 'hush', true)
  const place = resource('client_place', { password: `$var:${secret}`, port: 1 })
  const made = at('made')
  const talker = script(
    'talker',
    `import * as wmill from 'windmill-client'
     export async function main(note: string, place: string, made: string) {
       await wmill.setVariable(made, 'new')
       await wmill.setFlowUserState('mood', { good: true })
       return [
         await wmill.getVariable(note),
         await wmill.getResource(place),
         await wmill.getVariable(made),
         await wmill.getFlowUserState('mood'),
       ]
     }`,
    { lock: undefined },
  )
  const client = flow({ modules: [step('a', talker, { note, place, made })] })
  rule('reads and writes variables, resources and states from a step', async () => {
    const { result } = await run(client)
    const place = { password: 'hush', port: 1 }
    expect(result).toEqual(['plain', place, 'new', { good: true }])
  })
})
