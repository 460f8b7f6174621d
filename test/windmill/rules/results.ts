import { describe, expect } from 'vitest'
import { code, identity, step } from '../support/modules.ts'
import { rule } from '../support/rule.ts'
import { run } from '../support/runs.ts'
import { echo, effect } from '../support/scripts.ts'
import { at, flow, resource, variable } from '../support/workspace.ts'

describe('results', () => {
  const handedOn = flow({
    modules: [
      step('a', effect, { name: 'a', value: '=flow_input.x + 1' }),
      step('b', effect, { name: 'b', value: '=[results.a, previous_result]' }),
    ],
  })
  rule('are handed on by id and as previous_result, one step after the other', async () => {
    const ended = await run(handedOn, { x: 1 })
    expect(ended).toMatchObject({ success: true, result: [2, 2], effects: ['a', 'b'] })
  })

  const unknown = flow({
    modules: [step('a', echo, { value: '=[results.nobody, ({}).nothing]' })],
  })
  rule('of an unknown id are null, and undefined becomes null', async () => {
    expect((await run(unknown)).result).toEqual([null, null])
  })

  const first = flow({ modules: [step('a', echo, { value: '=previous_result' })] })
  rule('before the first step are the arguments of the flow', async () => {
    expect((await run(first, { x: [1] })).result).toEqual({ x: [1] })
  })

  const same = flow({ modules: [step('a', echo, { value: 7 }), identity('b'), identity('c')] })
  rule('of an identity are the previous result', async () => {
    expect((await run(same)).result).toBe(7)
  })

  const mocked = flow({
    modules: [
      step('a', echo, { value: 1 }),
      step('b', effect, { name: 'b' }, { mock: { enabled: true, return_value: { made: 'up' } } }),
      step('c', echo, { value: '=results.b' }),
    ],
  })
  rule('of a mocked step are its return value, and nothing runs', async () => {
    expect(await run(mocked)).toMatchObject({ result: { made: 'up' }, effects: [] })
  })

  const empty = flow({ modules: [] })
  rule('of an empty flow are its arguments', async () => {
    expect((await run(empty, { x: 1 })).result).toEqual({ x: 1 })
  })
})

describe('an input', () => {
  const bodies = flow({
    modules: [
      step('a', echo, {
        value:
          '=const doubled = flow_input.x * 2\nif (doubled > 2) { return [doubled] }\nreturn doubled',
      }),
    ],
  })
  rule('is an expression, or a function body where it returns', async () => {
    expect((await run(bodies, { x: 1 })).result).toBe(2)
    expect((await run(bodies, { x: 2 })).result).toEqual([4])
  })

  const colour = variable('colour', 'red')
  const secret = variable('secret', 'hush', true)
  const place = resource('place', { host: 'here', colour: `$var:${colour}` })
  const values = flow({
    modules: [
      step('a', echo, { value: `=[variable('${colour}'), resource('${place}').host]` }),
      step('b', echo, { value: `$var:${colour}` }),
      step('c', echo, { value: `$res:${place}` }),
      step('d', echo, { value: `not $var:${colour}` }),
      step('e', echo, { value: '=[results.a, results.b, results.c, results.d]' }),
    ],
  })
  rule(
    'reads variables and resources; $var: and $res: where they are the whole string',
    async () => {
      const place = { host: 'here', colour: 'red' }
      expect((await run(values)).result).toEqual([
        ['red', 'here'],
        'red',
        place,
        `not $var:${colour}`,
      ])
    },
  )

  const hidden = flow({
    modules: [
      code('a', 'export function main(v: string) { return v.length }', { v: `$var:${secret}` }),
    ],
  })
  rule('takes a secret', async () => {
    expect((await run(hidden)).result).toBe(4)
  })

  const isolated = flow({
    modules: [step('a', echo, { value: '=[typeof process, typeof require, typeof Bun]' })],
  })
  rule('is evaluated without process or files', async () => {
    expect((await run(isolated)).result).toEqual(['undefined', 'undefined', 'undefined'])
  })

  const throwing = flow({
    modules: [
      step('a', effect, { name: 'a' }),
      step('b', effect, { name: 'b', value: '=flow_input.missing.deeper' }),
      step('c', effect, { name: 'c' }),
    ],
  })
  rule('that throws fails the flow at its step', async () => {
    expect(await run(throwing)).toMatchObject({
      ...{ success: false, effects: ['a'] },
      result: { error: { message: expect.stringMatching(/undefined/) } },
    })
  })

  const nobody = flow({ modules: [step('a', echo, { value: `$var:${at('nobody')}` })] })
  rule('that names a variable which does not exist fails the flow', async () => {
    expect(await run(nobody)).toMatchObject({
      success: false,
      result: { error: { message: expect.stringContaining('nobody') } },
    })
  })
})
