import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runAgent } from '../../../../f/devgodzilla/lib/agent/run.ts'
import type { AgentConfig } from '../../../../f/devgodzilla/lib/agent/types.ts'
import { requireTool } from '../../../support/requires.ts'
import { temporaryFolder } from '../../support/git-repositories.ts'
import { modelThat, type Turn } from '../../support/model-server.ts'

const task = { name: 'job-1/codex', prompt: 'Write hello.txt.', timeout_seconds: 60 }
const config: AgentConfig = { kind: 'codex', model: 'some-model', api_key: 'key-of-mine' }

/** Runs codex against a model that does what it is told. */
async function run(more: AgentConfig, ...turns: Turn[]) {
  const folder = await temporaryFolder()
  const model = await modelThat(...turns)
  const said: string[] = []
  const outcome = await runAgent(
    { ...config, base_url: `${model.url}/v1`, ...more },
    { ...task, folder },
    ({ line }) => said.push(line),
  )
  return { folder, model, said, outcome }
}

// Shells that it starts read no settings of whoever runs the tests.
beforeAll(async () => {
  vi.stubEnv('HOME', await mkdtemp(join(tmpdir(), 'codex-test-')))
})
afterAll(() => rm(process.env.HOME ?? '', { recursive: true }))

describe.skipIf(!requireTool('codex'))('codex', () => {
  it('writes a file, says what it does, and tells its tokens', async () => {
    const cmd = 'echo hi > hello.txt'
    const open: AgentConfig = { permission_mode: 'danger-full-access' }
    const use = { use: 'exec_command', input: { cmd } }
    const { folder, model, said, outcome } = await run(open, use, { say: 'All done.' })
    expect(outcome).toMatchObject({
      ...{ ok: true, summary: 'All done.', cost_usd: null, denied: [] },
      usage: { input_uncached: 20, cache_read: 10, cache_write: 0, output: 8, reasoning: 6 },
    })
    expect(await readFile(join(folder, 'hello.txt'), 'utf8')).toBe('hi\n')
    expect(said).toContain('codex begins')
    expect(said).toContainEqual(expect.stringMatching(/^uses shell: .*echo hi > hello.txt/))
    expect(said.at(-1)).toBe('All done.')
    expect(model.asked[0]).toMatchObject({ key: 'Bearer key-of-mine', path: '/v1/responses' })
  })

  it('fails where the model does', async () => {
    const { outcome } = await run({}, { status: 400, message: 'the kettle is cold' })
    expect(outcome).toMatchObject({
      ...{ ok: false, reason: 'api_error', usage: null },
      message: expect.stringMatching(/kettle is cold/),
    })
  })
})
