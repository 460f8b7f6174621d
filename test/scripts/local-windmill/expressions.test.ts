import { expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'

const { folder, api } = await engineUnderTest()
await folder.script('echo', 'export function main(value: unknown) { return value }')

async function evaluate(expr: string, args: unknown = {}) {
  const value = { type: 'javascript', expr }
  await folder.flow('expression', {
    modules: [
      { id: 'a', value: { type: 'script', path: 'f/t/echo', input_transforms: { value } } },
    ],
  })
  return api.flow('expression', args)
}

it.each([
  ['flow_input.a + 1', 3],
  ['const x = flow_input.a\nreturn x * 2', 4],
  ['{ a: 1, b: undefined }', { a: 1 }],
  ['undefined', null],
  ['10n', '10'],
  ['flow_input.a + " // no comment" // a comment', '2 // no comment'],
  ['flow_input.a;', 2],
  ['await Promise.resolve(5)', 5],
  [
    'typeof process + typeof require + typeof fetch + typeof console',
    'undefinedundefinedundefinedundefined',
  ],
  ['results?.x ?? "none"', 'none'],
])('%s is %j', async (expr, value) => {
  expect((await evaluate(expr, { a: 2 })).json).toEqual(value)
})

it.each([
  ['process.exit(1)', /'process' is not defined/],
  ['require("fs")', /'require' is not defined/],
  ['(() => {}).constructor("return process")()', /'process' is not defined/],
  ['await import("fs")', /a: |fs/],
  ['1 +', /SyntaxError/],
  ['null.x', /TypeError/],
  ['(() => { throw { odd: 1 } })()', /thrown/],
  ['new Promise(() => {})', /never comes/],
  ['(() => { const a = []; for (;;) a.push(new ArrayBuffer(1e6)) })()', /memory/],
  ['(() => { const f = () => f() + 1; return f() })()', /stack/i],
])('%s fails the step and nothing else', async (expr, message) => {
  const { status, json } = await evaluate(expr)
  expect(status).toBe(500)
  const { error } = json as { error: { name: string; message: string; step_id: string } }
  expect(error).toMatchObject({ name: 'ExpressionError', step_id: 'a' })
  expect(error.message).toMatch(message)
  expect((await evaluate('1 + 1')).json).toBe(2)
})

it('an endless one is ended after its 10 s, and others go on meanwhile', async () => {
  const began = Date.now()
  const endless = evaluate('(() => { for (;;); })()')
  await new Promise((done) => setTimeout(done, 200))
  expect((await evaluate('"meanwhile"')).json).toBe('meanwhile')
  expect(Date.now() - began).toBeLessThan(5000)
  const { json } = await endless
  expect(json).toMatchObject({
    error: { name: 'ExpressionError', message: expect.stringMatching(/10 s/) },
  })
  expect(Date.now() - began).toBeLessThan(13_000)
})
