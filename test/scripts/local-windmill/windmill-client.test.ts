import { expect, it } from 'vitest'
import { engineUnderTest } from './engine-under-test.ts'

const { folder, api, engine } = await engineUnderTest()

it('finds in a running script all that it calls', async () => {
  await engine.setVariable('f/t/word', 'hello')
  await engine.setResource('f/t/thing', { word: '$var:f/t/word' }, 'thing')
  await folder.script('double', 'export function main(n: number) { return n * 2 }')
  await folder.script('fail', `export function main() { throw new Error('nope') }`)
  await folder.flow('inner', {
    modules: [
      {
        id: 'd',
        value: {
          type: 'script',
          path: 'f/t/double',
          input_transforms: { n: { type: 'javascript', expr: 'flow_input.n' } },
        },
      },
    ],
  })
  await folder.script(
    'caller',
    `import * as wmill from 'windmill-client'
     export async function main() {
       const before = await wmill.getState()
       await wmill.setState({ runs: (before?.runs ?? 0) + 1 })
       await wmill.setVariable('f/t/made', 'by the script', true)
       await wmill.setResource({ a: 1 }, 'f/t/made', 'thing')
       await wmill.setFlowUserState('key', { seen: true }, true)
       await wmill.setProgress(42)
       await wmill.setProgress(20)
       const id = await wmill.runFlowAsync('f/t/inner', { n: 4 })
       return {
         before: before ?? null,
         word: await wmill.getVariable('f/t/word'),
         thing: await wmill.getResource('f/t/thing'),
         nothing: (await wmill.getResource('f/t/nothing', true)) ?? null,
         made: [await wmill.getVariable('f/t/made'), await wmill.getResource('f/t/made')],
         state: await wmill.getFlowUserState('key'),
         unset: await wmill.getFlowUserState('other'),
         progress: await wmill.getProgress(),
         script: await wmill.runScriptByPath('f/t/double', { n: 21 }),
         flow: await wmill.waitJob(id),
         failing: await wmill.runScriptByPath('f/t/fail').catch((error) => error.message),
         root: (await wmill.getRootJobId()) === process.env.WM_ROOT_FLOW_JOB_ID,
       }
     }`,
  )
  await folder.flow('calling', {
    modules: [{ id: 'c', value: { type: 'script', path: 'f/t/caller', input_transforms: {} } }],
  })
  const first = await api.flow('calling')
  expect(first.json).toEqual({
    before: null,
    word: 'hello',
    thing: { word: 'hello' },
    nothing: null,
    made: ['by the script', { a: 1 }],
    state: { seen: true },
    unset: null,
    progress: 42,
    script: 42,
    flow: 8,
    failing: expect.stringMatching(/was not successful.*nope/),
    root: true,
  })
  expect((await api.flow('calling')).json).toMatchObject({ before: { runs: 1 } })
})

it('runs as many nested jobs as it likes without standing in its own way', async () => {
  await folder.script(
    'dive',
    `import * as wmill from 'windmill-client'
     export async function main(depth: number): Promise<number> {
       return depth === 0 ? 0 : 1 + (await wmill.runScriptByPath('f/t/dive', { depth: depth - 1 }))
     }`,
  )
  const dives = Array.from({ length: 20 }, () => api.script('dive', { depth: 1 }))
  expect((await Promise.all(dives)).map(({ json }) => json)).toEqual(dives.map(() => 1))
})
