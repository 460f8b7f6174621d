import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { agentName, runAgent } from '../../../../f/devgodzilla/lib/agent/run.ts'
import type { AgentConfig, AgentLine } from '../../../../f/devgodzilla/lib/agent/types.ts'
import { temporaryFolder } from '../../support/git-repositories.ts'

/** Runs a shell script as the agent, in a folder of its own. */
async function shell(script: string, more: Partial<AgentConfig> = {}, signal?: AbortSignal) {
  const folder = await temporaryFolder()
  const lines: AgentLine[] = []
  const outcome = await runAgent(
    { kind: 'command', command: ['sh', '-c', script], ...more },
    { name: 'job-1/build', prompt: 'Do it.\n', folder, timeout_seconds: 30 },
    (line) => lines.push(line),
    signal,
  )
  return { folder, lines, outcome, said: lines.map(({ line }) => line) }
}

/** The processes with a word in their command line, those of the test itself left out. */
async function running(word: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.split('\0').includes(word)) found.push(pid)
  }
  return found
}
const gone = (word: string) =>
  vi.waitFor(async () => expect(await running(word)).toEqual([]), { timeout: 10_000 })
/** A length of sleep that no other test uses: what is left of it can be told from theirs. */
let nth = 0
const marker = () => String(100_000 + process.pid * 10 + nth++)

describe('any program', () => {
  it('takes the prompt on its standard input, and ends in a summary', async () => {
    const { outcome, lines, folder } = await shell('cat; pwd; echo oh >&2')
    expect(outcome).toMatchObject({ ok: true, summary: folder, usage: null, cost_usd: null })
    expect(lines).toContainEqual({ stream: 'stdout', line: 'Do it.' })
    expect(lines).toContainEqual({ stream: 'stderr', line: 'oh' })
  })

  it('fails with its last words, and when it does not take its input', async () => {
    const { outcome } = await shell('exec <&-; echo halfway; echo broken pipe >&2; exit 3')
    expect(outcome).toMatchObject({
      ...{ ok: false, reason: 'exit' },
      message: 'sh ended with exit code 3: broken pipe',
    })
  })

  it('is not there', async () => {
    const { outcome } = await shell('', { command: ['no-such-agent'] })
    expect(outcome).toMatchObject({
      ...{ ok: false, reason: 'not_installed' },
      message: expect.stringMatching(/no-such-agent is not installed.*f\/devgodzilla\/agent/),
    })
  })

  it('sees nothing of the secrets of the worker, and its own key is never told', async () => {
    vi.stubEnv('WM_TOKEN', 'secret-of-the-worker')
    vi.stubEnv('DATABASE_URL', 'postgres://secret-of-the-database')
    vi.stubEnv('WM_JOB_ID', 'job-1')
    const { said, outcome } = await shell('env; echo $AGENT_API_KEY', { api_key: 'key-of-mine' })
    vi.unstubAllEnvs()
    expect(said.join('\n')).not.toMatch(/secret-of/)
    expect(said).toContain('WM_JOB_ID=job-1')
    expect(said).toContain('AGENT_API_KEY=***')
    expect(outcome).toMatchObject({ ok: true, summary: '***' })
  })

  it('may print what it likes: lines are cut, counted and made readable', async () => {
    const { said, outcome } = await shell(
      `head -c 3000000 /dev/zero | tr '\\0' x; echo; printf '\\033[31mred\\033[0m\\007\\n'; yes | head -30000; printf 'the \\303\\244nd'`,
    )
    expect(said[0]).toHaveLength(4000 + ' … (cut)'.length)
    expect(said[1]).toBe('red')
    expect(said).toHaveLength(20_001)
    expect(said.at(-1)).toBe('what comes after 20000 lines is not kept')
    expect(outcome).toMatchObject({ ok: true, summary: 'the änd' })
  })

  it('is stopped when it takes too long, or says nothing for too long', async () => {
    const [slow, silent] = await Promise.all([
      shell('while :; do echo x; sleep 0.05; done', { timeout_seconds: 0.5 }),
      shell('sleep 100', { silence_seconds: 0.5 }),
    ])
    expect(slow.outcome).toMatchObject({
      reason: 'timeout',
      message: expect.stringMatching(/longer than 0.5 s/),
    })
    expect(silent.outcome).toMatchObject({
      reason: 'silence',
      message: expect.stringMatching(/nothing for 0.5 s/),
    })
  })
})

describe.skipIf(process.platform !== 'linux')('its processes', () => {
  it('are all gone when it is cancelled: also those that hide, and those that will not go', async () => {
    const [child, hidden, bare, stubborn] = [marker(), marker(), marker(), marker()]
    const cancel = new AbortController()
    const ended = shell(
      `sleep ${child} & setsid sleep ${hidden} & env -i setsid sleep ${bare} &
       trap '' TERM; (trap '' TERM; sleep ${stubborn}) & echo ready; wait; wait`,
      {},
      cancel.signal,
    )
    for (const word of [child, hidden, bare, stubborn]) {
      await vi.waitFor(async () => expect(await running(word)).toHaveLength(1), { timeout: 10_000 })
    }
    cancel.abort()
    expect((await ended).outcome).toMatchObject({ ok: false, reason: 'cancelled' })
    for (const word of [child, hidden, bare, stubborn]) expect(await running(word)).toEqual([])
  })

  it('are gone when it ends by itself, and do not keep it from ending', async () => {
    const left = marker()
    const { outcome } = await shell(`setsid sleep ${left} & sleep ${left} & echo done`)
    expect(outcome).toMatchObject({ ok: true, summary: 'done' })
    expect(await running(left)).toEqual([])
  })

  it('are gone when the worker is killed', async () => {
    const [child, hidden] = [marker(), marker()]
    const folder = await temporaryFolder()
    const script = join(folder, 'worker.mts')
    const port = fileURLToPath(
      new URL('../../../../f/devgodzilla/lib/agent/run.ts', import.meta.url),
    )
    await writeFile(
      script,
      `import { runAgent } from ${JSON.stringify(port)}
      await runAgent(
        { kind: 'command', command: ['sh', '-c', 'setsid sleep ${hidden} & sleep ${child}'] },
        { name: 'job', prompt: '', folder: ${JSON.stringify(folder)}, timeout_seconds: 60 },
        () => {},
      )`,
    )
    const worker = spawn(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' })
    for (const word of [child, hidden]) {
      await vi.waitFor(async () => expect(await running(word)).toHaveLength(1), { timeout: 20_000 })
    }
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    await gone(child)
    await gone(hidden)
  })

  it('are not started for what is cancelled already', async () => {
    const { outcome, said } = await shell('echo started', {}, AbortSignal.abort())
    expect(outcome).toMatchObject({ ok: false, reason: 'cancelled' })
    expect(said).toEqual([])
  })
})

describe('the resource', () => {
  const task = { name: 'j', prompt: '', folder: tmpdir(), timeout_seconds: 5 }

  it('is the built-in agent by default, which changes nothing of its own', async () => {
    const said: string[] = []
    const outcome = await runAgent({}, task, ({ line }) => said.push(line))
    expect(outcome).toMatchObject({ ok: true, usage: null })
    expect(said).toEqual([expect.stringMatching(/nothing changed/)])
    const by_rule = async () => 'made by rule'
    expect(await runAgent({ kind: 'builtin' }, { ...task, by_rule }, () => {})).toMatchObject({
      ...{ ok: true, summary: 'made by rule' },
    })
  })

  it.each([
    [{ kind: 'other' } as unknown as AgentConfig, /kind/],
    [{ kind: 'command' } as const, /has no command/],
    [{ kind: 'codex', max_turns: 3 } as const, /knows neither max_turns/],
    [{ kind: 'claude', max_turns: 0 } as const, /max_turns/],
    [{ kind: 'claude', secret: 1 } as AgentConfig, /secret/],
  ])('refuses %j, and says why', async (config, reason) => {
    await expect(runAgent(config, task, () => {})).rejects.toThrow(reason)
  })

  it('gives the agent its name', () => {
    expect(agentName({})).toBe('builtin')
    expect(agentName({ kind: 'claude', model: 'large' })).toBe('claude (large)')
    expect(agentName({ kind: 'command', command: ['/usr/bin/helper', '-x'] })).toBe('helper')
  })
})
