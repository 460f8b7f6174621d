import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { flowProgress } from '../../../scripts/cli/flow-progress.ts'
import { engineUnderTest } from '../local-windmill/engine-under-test.ts'
import { code } from '../local-windmill/workspace-folder.ts'

const { engine, folder } = await engineUnderTest()
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))

const run = async (...args: string[]) => {
  const ended = await execa(process.execPath, [bin, 'flow', 'run', ...args], {
    reject: false,
    env: { WINDMILL_BASE_URL: engine.url, WINDMILL_TOKEN: 'member' },
  })
  // The first call after a change builds the command.
  return { ...ended, stderr: ended.stderr.replace(/^Built .*\n?/, '') }
}

const say = 'export function main(word: string) { console.log("I say " + word); return word }'
const saying = (id: string, word: string, rest = {}) => code(id, say, { word }, rest)

beforeAll(async () => {
  await folder.flow('told', {
    modules: [
      saying('a', 'good morning', { summary: 'Greet' }),
      {
        id: 'l',
        summary: 'Everybody',
        value: {
          type: 'forloopflow',
          iterator: { type: 'static', value: ['Ann', 'Bo'] },
          skip_failures: false,
          modules: [saying('x', '=flow_input.iter.value', { summary: 'Name' })],
        },
      },
      {
        id: 'b',
        summary: 'Which way',
        value: {
          type: 'branchone',
          branches: [{ expr: 'true', modules: [saying('left', 'to the left')] }],
          default: [],
        },
      },
      saying('c', 'never', { summary: 'Left out', skip_if: { expr: 'true' } }),
    ],
  })
  await folder.flow('broken', {
    modules: [
      code('a', 'export function main() { console.log("so far"); throw new Error("no luck") }', {}),
    ],
  })
})

test('tells each step with its time and what it logs, at every depth, and the result', async () => {
  const { stdout, stderr, exitCode } = await run('f/t/told')
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toBe('to the left')
  const lines = stderr.replace(/\(\d+\.\d s\)/g, '(time)').split('\n')
  expect(lines[0]).toMatch(/^Job [0-9a-f-]{36}$/)
  expect(lines.slice(1)).toEqual([
    '  │ I say good morning',
    '✓ Greet  (time)',
    '    │ I say Ann',
    '  ✓ Name  (time)',
    '    │ I say Bo',
    '  ✓ Name  (time)',
    '✓ Everybody 2/2  (time)',
    '    │ I say to the left',
    '  ✓ left  (time)',
    '✓ Which way  (time)',
    '– Left out',
  ])
})

test('fails as the flow does, and names the job', async () => {
  const { stdout, stderr, exitCode } = await run('f/t/broken')
  expect([stdout, exitCode]).toEqual(['', 1])
  expect(stderr).toMatch(/│ so far\n✗ a {2}\(\d\.\d s\)\n/)
  expect(stderr).toContain('The flow failed: no luck')
})

test('--no-logs shows the steps alone, and --json the result alone', async () => {
  const quiet = await run('f/t/told', '--no-logs')
  expect(quiet.stderr).toContain('✓ Greet')
  expect(quiet.stderr).not.toContain('I say')
  const json = await run('f/t/told', '--json')
  expect([JSON.parse(json.stdout), json.stderr]).toEqual(['to the left', ''])
})

test('on a terminal a bar keeps to its line, and what steps log cannot move the cursor', () => {
  let shown = ''
  const write = (text: string) => {
    shown += text
  }
  const progress = flowProgress({ isTTY: true, columns: 60, write }, true)
  const step = { path: 'a', depth: 0, summary: 'Greet', state: 'running' as const }
  progress.overall(1, 4)
  progress.step({ ...step, part: '3/9', percent: 40 })
  progress.overall(2, 4)
  progress.log(step, 'up\u001b[5A and\taway\n')
  progress.close()
  const lines = shown.split('\r\u001b[2K')
  expect(lines.some((line) => /^█{5}░{15} 1\/4 {2}0\.\d s$/.test(line))).toBe(true)
  expect(lines.some((line) => /^█{10}░{10} 2\/4 {2}0\.\d s {2}Greet 3\/9 40 %$/.test(line))).toBe(
    true,
  )
  expect(lines).toContain('  │ up[5A and  away\n')
  expect(lines.at(-1)).toBe('')
})

test('a terminal that does not know its width shows the whole bar', () => {
  let shown = ''
  const write = (text: string) => {
    shown += text
  }
  const progress = flowProgress({ isTTY: true, columns: 0, write }, true)
  progress.step({ path: 'a', depth: 0, summary: 'Greet', state: 'running' })
  progress.overall(1, 4)
  progress.close()
  expect(shown).toMatch(/1\/4 {2}0\.\d s {2}Greet\r/)
})
