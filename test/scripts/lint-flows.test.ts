import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { lintWorkspace } from '../../scripts/lint-flows/lint-workspace.ts'
import { flowFile, inFlow, workspaceWith } from './lint-flows/sound-workspace.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

it('finds nothing in this workspace', async () => {
  const lint = await lintWorkspace(root)
  expect(lint.problems).toEqual([])
  expect(lint.flows).toBeGreaterThanOrEqual(4)
})

it('finds nothing in a sound one', async () => {
  expect((await lintWorkspace(await workspaceWith())).problems).toEqual([])
})

it('says file, module, rule and way out, and fails', async () => {
  const folder = await workspaceWith(inFlow('results.each.length', 'results.eech.length'))
  const program = join(root, 'scripts/lint-flows.ts')
  const run = promisify(execFile)(join(root, 'node_modules/.bin/tsx'), [program, folder])
  const { code, stdout } = await run.catch((error) => error)
  expect(code).toBe(1)
  expect(stdout).toContain(
    `${flowFile}: choose: [unknown-result] results.eech does not exist here: the modules before it are first, each\n` +
      '2 flows and 2 scripts: 1 problems\n',
  )
})

it('sees a change of the flows that are here', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lint-flows-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(join(root, 'f'), join(folder, 'f'), { recursive: true })
  for (const name of ['agent', 'api', 'git']) {
    const type = `c_devgodzilla_${name}.resource-type.yaml`
    await cp(join(root, type), join(folder, type))
  }
  expect((await lintWorkspace(folder)).problems).toEqual([])
  const file = join(folder, 'f/devgodzilla/sprint/complete.ts')
  const source = await readFile(file, 'utf8')
  await writeFile(file, source.replace("carry_over_to = 'backlog'", "carry_over_to = 'next'"))
  const { problems } = await lintWorkspace(folder)
  expect(problems.map(({ rule, where }) => `${where} ${rule}`)).toEqual([
    'carry_over_to script-schema',
  ])
})
