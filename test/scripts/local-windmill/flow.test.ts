import { beforeAll, describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step, transforms } from './workspace-folder.ts'

const { folder, api, engine } = await engineUnderTest()

beforeAll(async () => {
  await folder.script('add', 'export async function main(a: number, b: number) { return a + b }')
  await folder.script('echo', 'export function main(value: unknown) { return value }')
  await folder.script(
    'fail',
    `export function main(message: string) { throw new RangeError(message) }`,
  )
})

describe('a flow', () => {
  it('hands results on, by id and as previous_result', async () => {
    await folder.flow('sum', {
      modules: [
        step('a', 'add', { a: '=flow_input.x', b: 2 }),
        step('b', 'add', { a: '=results.a', b: '=previous_result' }),
      ],
    })
    expect(await api.flow('sum', { x: 1 })).toMatchObject({ status: 200, json: 6 })
  })

  it('shows the first step the arguments as previous_result', async () => {
    await folder.flow('first', { modules: [step('a', 'echo', { value: '=previous_result' })] })
    expect((await api.flow('first', { x: [1] })).json).toEqual({ x: [1] })
  })

  it('without modules answers its arguments', async () => {
    await folder.flow('empty', { modules: [] })
    expect((await api.flow('empty', { x: 1 })).json).toEqual({ x: 1 })
  })

  it('fails with the error of its step: name, message, stack and step', async () => {
    await folder.flow('failing', { modules: [step('boom', 'fail', { message: 'no' })] })
    const { status, json } = await api.flow('failing')
    expect(status).toBe(500)
    const { error } = json as { error: { stack: string } }
    expect(error).toMatchObject({ name: 'RangeError', message: 'no', step_id: 'boom' })
    expect(error.stack).toMatch(/f\/t\/fail\.ts:1/)
  })
})
void code
void transforms
void engine
