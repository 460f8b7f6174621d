import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'
import { code, step } from './workspace-folder.ts'

process.env.SECRET_OF_THE_ENGINE = 'must stay here'
const { folder, api, engine } = await engineUnderTest({ memoryMb: 64, resultBytes: 100_000 })

/** Runs a script of this text by itself. */
async function run(name: string, source: string, args: unknown = {}) {
  await folder.script(name, source)
  return api.script(name, args)
}

describe('arguments', () => {
  it('go by position, matched by name, whatever the order and the types say', async () => {
    const source = `
      // export function main(wrong: string) {}
      /*
      export function main(worse: string) {}
      */
      type Pair<A, B> = [A, B]
      export async function main(
        b: Pair<string, number>, // a comment, with (brackets
        a: { x: number; y: string }, /* and, another */
        c = [1, "),", \`\${1},\`],
        f?: (n: number, m: string) => void,
        when: Date | null = null,
      ) { return { a, b, c, f: f === undefined, when: when instanceof Date && when.getTime() } }`
    const args = { a: { x: 1, y: '' }, b: ['q', 2], when: '2025-01-01T00:00:00Z' }
    expect((await run('order', source, args)).json).toEqual({
      ...args,
      c: [1, '),', '1,'],
      f: true,
      when: Date.parse(args.when),
    })
  })

  it('that no parameter can be named for are refused', async () => {
    const { status, json } = await run('unnamed', 'export function main({ a }: any) { return a }')
    expect(status).toBe(500)
    expect(json).toMatchObject({ error: { name: 'SignatureError' } })
  })
})

describe('results', () => {
  it.each([
    ['undefined', 'undefined', null],
    ['a bigint', '12345678901234567890n', '12345678901234567890'],
    ['a date', 'new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['a promise', 'Promise.resolve([1])', [1]],
    ['a function', '() => 1', null],
  ])('of %s', async (name, expression, expected) => {
    const source = `export function main(): unknown { return ${expression} }`
    expect((await run(`result-${name.replace(' ', '-')}`, source)).json).toEqual(expected)
  })

  it('that are too large, or go in a circle, fail the script', async () => {
    const large = await run(
      'large',
      `export const size = 1\nexport function main() { return 'x'.repeat(200_000) }`,
    )
    expect(large).toMatchObject({ status: 500, json: { error: { name: 'ResultTooLarge' } } })
    const circle = await run(
      'circle',
      'export function main() { const o: any = {}; o.o = o; return o }',
    )
    expect(circle).toMatchObject({ status: 500, json: { error: { name: 'TypeError' } } })
  })
})

describe('errors', () => {
  it.each([
    ['a string', `throw 'plain'`, { name: 'Error', message: 'thrown: "plain"' }],
    ['nothing', 'throw null', { name: 'Error', message: 'thrown: null' }],
    [
      'a class',
      `class Odd extends Error { name = 'Odd' }; throw new Odd('x')`,
      { name: 'Odd', message: 'x' },
    ],
    [
      'a late rejection',
      `Promise.reject(new TypeError('late')); return new Promise(() => { setTimeout(() => {}, 9e3) })`,
      { name: 'TypeError', message: 'late' },
    ],
  ])('thrown as %s', async (name, body, error) => {
    const { status, json } = await run(
      `throw-${name.replaceAll(' ', '-')}`,
      `export function main() { ${body} }`,
    )
    expect(status).toBe(500)
    expect(json).toMatchObject({ error })
  })

  it('of building name the file and the line', async () => {
    const { json } = await run('broken', 'export function main() {\n  return (\n}')
    expect(json).toMatchObject({ error: { name: 'BuildError' } })
    expect((json as { error: { message: string } }).error.message).toMatch(/f\/t\/broken\.ts:3/)
    const missing = await run(
      'needs',
      `import x from 'no-such-package'\nexport function main() { return x }`,
    )
    expect(missing.text).toContain('the package no-such-package is not installed')
  })
})

describe('containment', () => {
  it.each([
    ['process.exit', 'process.exit(3)', 'ExitError', /code 3/],
    [
      'using up the memory',
      'const a: string[] = []; for (;;) a.push("x".repeat(1e5) + a.length)',
      'OutOfMemory',
      /memory/,
    ],
  ])('of %s', async (name, body, error, message) => {
    const { status, json } = await run(
      `contain-${name.replaceAll(/\W/g, '-')}`,
      `export function main() { ${body} }`,
    )
    expect(status).toBe(500)
    expect(json).toMatchObject({ error: { name: error, message: expect.stringMatching(message) } })
    expect((await run('alive', 'export function main() { return 1 }')).json).toBe(1)
  })

  it('of an endless loop and of endless waiting, at the limit of step or script', async () => {
    await folder.flow('endless', {
      modules: [code('a', 'export function main() { for (;;); }', {}, { timeout: 0.3 })],
    })
    expect(await api.flow('endless')).toMatchObject({
      status: 500,
      json: { error: { name: 'Timeout', step_id: 'a', message: expect.stringMatching(/0\.3 s/) } },
    })
    const source = 'export function main() { return new Promise(() => setInterval(() => {}, 50)) }'
    await folder.script('waiting', source, { timeout: 1 })
    const { json } = await api.script('waiting')
    expect(json).toMatchObject({ error: { name: 'Timeout' } })
    await folder.flow('patient', {
      modules: [
        step('b', 'waiting', {}, { timeout: { type: 'javascript', expr: 'flow_input.t' } }),
      ],
    })
    expect((await api.flow('patient', { t: 0.2 })).text).toContain('0.2 s')
  })
})

describe('surroundings', () => {
  it('show nothing of the environment of the engine, but where the job is', async () => {
    await folder.script('env', 'export function main() { return { ...process.env } }')
    await folder.flow('env', { modules: [step('e', 'env')] })
    const id = await api.start('env')
    const env = (await api.ended(id)).result as Record<string, string>
    const system = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']
    const foreign = Object.keys(env).filter(
      (key) => !/^(WM_|BASE_)/.test(key) && !system.includes(key),
    )
    expect(foreign).toEqual([])
    expect(JSON.stringify(env)).not.toContain('must stay here')
    expect(env).toMatchObject({
      WM_WORKSPACE: 'devgodzilla',
      BASE_INTERNAL_URL: engine.url,
      BASE_URL: engine.url,
      WM_FLOW_JOB_ID: id,
      WM_ROOT_FLOW_JOB_ID: id,
      WM_FLOW_STEP_ID: 'e',
      WM_STATE_PATH: 'f/t/env/e_user',
      WM_USERNAME: 'the-member',
      WM_EMAIL: 'the-member@localhost',
    })
    expect(env.WM_JOB_ID).toBe((await api.job(id)).flow_status?.modules[0]?.job)
  })

  it('are new for every step: no globals and no module state are left', async () => {
    await folder.file('f/t/lib/state.ts', 'export const state = { n: 0 }')
    await folder.script(
      'stateful',
      `import { state } from './lib/state.ts'
       export function main() { const g = globalThis as any; g.n = (g.n ?? 0) + 1; return [++state.n, g.n] }`,
    )
    expect((await api.script('stateful')).json).toEqual([1, 1])
    expect((await api.script('stateful')).json).toEqual([1, 1])
  })

  it('hold the imports of the workspace, as they are now', async () => {
    await folder.file('f/t/lib/word.ts', `export const word = 'one'`)
    const source = `import { word } from './lib/word.ts'
      import { word as same } from '/f/t/lib/word.ts'
      export function main() { return word + same }`
    expect((await run('importing', source)).json).toBe('oneone')
    await folder.file('f/t/lib/word.ts', `export const word = 'two'`)
    expect((await api.script('importing')).json).toBe('twotwo')
    await folder.file('outside.ts', 'export const secret = 1')
    const outside = await run(
      'reaching',
      `import { secret } from '../../outside.ts'\nexport function main() { return secret }`,
    )
    expect(outside.text).toContain('lies outside f/')
  })

  it('are built again when what was built is cleared away', async () => {
    const source = `import * as wmill from 'windmill-client'
      export function main() { return [import.meta.url, typeof wmill.getVariable] }`
    const { json } = await run('cleared', source)
    expect(json).toEqual([expect.stringMatching(/^file:/), 'function'])
    const [url = ''] = json as string[]
    await rm(fileURLToPath(url))
    expect((await api.script('cleared')).json).toEqual(json)
  })

  it('hold of packages what is used; CommonJS is loaded from where it lies', async () => {
    const at = 'node_modules'
    await folder.file(`${at}/modern/package.json`, '{"type": "module", "exports": "./index.js"}')
    await folder.file(
      `${at}/modern/index.js`,
      `import old from 'older'
       export { word } from './word.js'
       export const beside = old.beside
       export const optional = () => import('no-such-package').catch((error) => error.code)`,
    )
    await folder.file(`${at}/modern/word.js`, `export const word = 'one'`)
    const old = 'exports.beside = require("path").basename(__dirname)'
    await folder.file(`${at}/older/package.json`, '{}')
    await folder.file(`${at}/older/index.js`, old)
    const source = `import { beside, optional, word } from 'modern'
      export async function main() { return [word, beside, await optional()] }`
    const expected = ['one', 'older', 'ERR_MODULE_NOT_FOUND']
    expect((await run('packages', source)).json).toEqual(expected)

    await folder.file(`${at}/modern/word.js`, `export const word = 'two'`)
    await folder.file(`${at}/modern/package.json`, '{"type": "module", "main": "index.js"}')
    expect((await api.script('packages')).json).toEqual(['two', ...expected.slice(1)])
  })

  it('let a package find what lies beside it, and leave it there when told to', async () => {
    const at = 'node_modules/beside'
    await folder.file(`${at}/package.json`, '{"type": "module", "exports": "./index.js"}')
    await folder.file(
      `${at}/index.js`,
      `import { createRequire } from 'node:module'
       export const read = () => createRequire(import.meta.url)('./data.json')
       export const load = (path) => import(path).then((it) => it.more, () => 'lost')`,
    )
    await folder.file(`${at}/data.json`, '"data"')
    await folder.file(`${at}/more/one.mjs`, 'export const more = "more"')
    const source = `import { load, read } from 'beside'
      export async function main() { return [read(), await load('./more/one.mjs')] }`
    expect((await run('beside', source)).json).toEqual(['data', 'lost'])
    const whole = `// As on Windmill:\n//nobundling\n${source}`
    expect((await run('beside', whole)).json).toEqual(['data', 'more'])
  })

  it('of an inline script in its own file are the flow’s folder', async () => {
    await folder.file('f/t/lib/inline.ts', 'export const n = 5')
    await folder.file(
      'f/t/inlined__flow/b.ts',
      `import { n } from '../lib/inline.ts'\nexport function main(x: number) { return n + x }`,
    )
    await folder.flow('inlined', { modules: [code('b', '!inline b.ts', { x: 2 })] })
    expect((await api.flow('inlined')).json).toBe(7)
  })
})

describe('output', () => {
  it('is kept in the order printed, up to the end, also of what does not end', async () => {
    await folder.flow('printing', {
      modules: [
        code(
          'a',
          `export function main() {
          console.log('one', { a: 1 }); console.error('two'); process.stdout.write('three')
        }`,
        ),
        code(
          'b',
          `export function main() { console.log('before the loop'); for (;;); }`,
          {},
          { timeout: 0.3 },
        ),
      ],
    })
    const id = await api.start('printing')
    const job = await api.ended(id)
    const [a, b] = job.flow_status?.modules ?? []
    expect(await api.logs(a?.job ?? '')).toBe('one { a: 1 }\ntwo\nthree')
    expect(await api.logs(b?.job ?? '')).toBe('before the loop\n')
    expect(await api.logs(id)).toContain('three')
  })

  it('is bounded', async () => {
    await folder.script(
      'loud',
      `export function main() { for (let i = 0; i < 30; i++) console.log('x'.repeat(1e5)) }`,
    )
    const { text: id } = await api.post('/jobs/run/p/f/t/loud')
    await api.ended(id)
    const logs = await api.logs(id)
    expect(logs.length).toBeLessThan(1_100_000)
    expect(logs).toContain('the rest of the log was cut')
  })
})
