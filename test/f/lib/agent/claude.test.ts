import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runAgent } from '../../../../f/devgodzilla/lib/agent/run.ts'
import type { AgentConfig, AgentLine } from '../../../../f/devgodzilla/lib/agent/types.ts'
import { requireTool } from '../../../support/requires.ts'
import { temporaryFolder } from '../../support/git-repositories.ts'
import { modelThat, type Turn } from '../../support/model-server.ts'

/** Runs a task with an agent's command line, against a model that does what it is told. */
async function run(folder: string, config: AgentConfig, signal?: AbortSignal) {
  const lines: AgentLine[] = []
  const outcome = await runAgent(
    { kind: 'claude', api_key: 'key-of-mine', ...config },
    { name: `job-${process.pid}/claude`, prompt: 'Write hello.txt.', folder, timeout_seconds: 60 },
    (line) => lines.push(line),
    signal,
  )
  return { outcome, lines, said: lines.map(({ line }) => line) }
}

const write = (folder: string): Turn => ({
  use: 'Write',
  input: { file_path: join(folder, 'hello.txt'), content: 'hi' },
})
const done: Turn = { say: 'All done.' }

// Shells that it starts read no settings of whoever runs the tests.
beforeAll(async () => {
  vi.stubEnv('HOME', await mkdtemp(join(tmpdir(), 'claude-test-')))
})
afterAll(() => rm(process.env.HOME ?? '', { recursive: true }))

describe.skipIf(!requireTool('claude'))('claude', () => {
  it('writes a file, says what it does, and tells what it cost', async () => {
    const folder = await temporaryFolder()
    const model = await modelThat(write(folder), done)
    const { outcome, lines } = await run(folder, {
      base_url: model.url,
      model: 'claude-sonnet-4-5',
    })
    expect(outcome).toMatchObject({
      ...{ ok: true, summary: 'All done.', denied: [] },
      usage: { input_uncached: 20, cache_read: 10, cache_write: 4, output: 8, reasoning: 0 },
      ...{ cost_usd: expect.any(Number), session_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
    expect(await readFile(join(folder, 'hello.txt'), 'utf8')).toBe('hi')
    expect(lines).toEqual([
      { stream: 'system', line: 'claude begins, with the model claude-sonnet-4-5' },
      { stream: 'system', line: `uses Write: ${join(folder, 'hello.txt')}` },
      { stream: 'stdout', line: 'All done.' },
    ])
    expect(model.asked[0]).toMatchObject({
      key: 'key-of-mine',
      body: { model: 'claude-sonnet-4-5' },
    })
    expect(
      (await readdir(tmpdir())).filter((it) => it.includes(`job-${process.pid}_claude`)),
    ).toEqual([])
  })

  it('fails where the model does, and is stopped where that says nothing', async () => {
    const broken = await modelThat({ status: 500, message: 'the kettle is cold' })
    const silent = await modelThat('silence')
    const [failed, stopped] = await Promise.all([
      run(await temporaryFolder(), { base_url: broken.url }),
      run(await temporaryFolder(), { base_url: silent.url, silence_seconds: 4 }),
    ])
    expect(failed.outcome).toMatchObject({
      ...{ ok: false, reason: 'api_error' },
      message: expect.stringMatching(/kettle is cold/),
    })
    // Two more tries than the first, and not the ten of its default.
    expect(broken.asked).toHaveLength(3)
    expect(stopped.outcome).toMatchObject({ ok: false, reason: 'silence' })
  })

  it('fails at the turn limit, with what it spent until then', async () => {
    const folder = await temporaryFolder()
    const model = await modelThat(write(folder))
    const { outcome } = await run(folder, { base_url: model.url, max_turns: 1 })
    expect(outcome).toMatchObject({ ok: false, reason: 'max_turns', usage: { output: 4 } })
  })

  it('may use what the resource allows; what is refused is named', async () => {
    const folder = await temporaryFolder()
    const use = (command: string): Turn => ({ use: 'Bash', input: { command } })
    const model = await modelThat(use('curl example.org'), use('echo hi > b.txt'), done)
    const config = { base_url: model.url, allowed_tools: ['Bash(echo:*)'] }
    const { outcome, said } = await run(folder, config)
    expect(outcome).toMatchObject({ ok: true, denied: ['Bash'] })
    expect(said).toContainEqual(expect.stringMatching(/^Bash failed: /))
    expect(await readFile(join(folder, 'b.txt'), 'utf8')).toBe('hi\n')
  })

  it('ends with what it started when it is cancelled, and has spent what it had', async () => {
    const folder = await temporaryFolder()
    const cancel = new AbortController()
    const command = 'echo $$ > started; exec sleep 87654'
    const model = await modelThat({ use: 'Bash', input: { command } })
    const ended = run(folder, { base_url: model.url, allowed_tools: ['Bash'] }, cancel.signal)
    const pid = await vi.waitFor(
      async () => {
        const text = (await readFile(join(folder, 'started'), 'utf8')).trim()
        expect(text).toMatch(/^\d+$/)
        return Number(text)
      },
      { timeout: 30_000 },
    )
    cancel.abort()
    expect((await ended).outcome).toMatchObject({
      ...{ ok: false, reason: 'cancelled' },
      usage: { input_uncached: 10, cache_read: 5, cache_write: 2 },
    })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('a claude that is none', () => {
  async function fake(script: string) {
    const folder = await temporaryFolder()
    const program = join(folder, 'claude')
    await writeFile(program, `#!/bin/sh\n${script}\n`)
    await chmod(program, 0o755)
    return run(folder, { command: [program] })
  }

  it('prints what nobody understands', async () => {
    const { outcome, said } = await fake(`cat > /dev/null
      echo 'not json {'; echo '{"type":"surprise"}'; echo '[]'; echo '{"type":"result","odd":1}'
      echo '{"type":"assistant","message":{"content":"odd"}}'; echo 'bye' >&2`)
    expect(outcome).toMatchObject({
      ...{ ok: false, reason: 'no_result', usage: null },
      message: expect.stringMatching(/exit code 0 and without a result: (bye|\[\])/),
    })
    expect(said.sort()).toEqual(['[]', 'bye', 'not json {'])
  })

  it('says that it did well, and ends as if it had not', async () => {
    const result = { type: 'result', subtype: 'success', is_error: false, result: 'Fine.' }
    const { outcome } = await fake(`echo '${JSON.stringify(result)}'; exit 1`)
    expect(outcome).toMatchObject({
      ok: false,
      reason: 'exit',
      message: expect.stringMatching(/exit code 1.*Fine/),
    })
  })

  it('is killed from outside', async () => {
    expect((await fake('kill -TERM $$')).outcome).toMatchObject({
      ...{ ok: false, reason: 'no_result', message: expect.stringMatching(/signal SIGTERM/) },
    })
  })
})
