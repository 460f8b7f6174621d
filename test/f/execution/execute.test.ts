import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'
import { git } from '../support/git-repositories.ts'
import { startInstallation } from '../support/installation.ts'
import { diamond, isAlive, pair, plannedRun, until } from './support.ts'

const database = await testDatabase()
let house: Awaited<ReturnType<typeof startInstallation>>
beforeAll(async () => {
  house = await startInstallation(database.url)
})
afterAll(() => house.close())

const execute = (id: number, more: object = {}) =>
  house.runFlow('execute_protocol', { protocol_id: id, ...more })
const artifactsOf = async (step: number): Promise<Record<string, Json>> => {
  const { items } = await house.ask<Json>('GET', `/steps/${step}/artifacts`)
  return Object.fromEntries(items.map((it: Json) => [it.name, it]))
}

describe('execute_protocol', () => {
  it('runs steps in the order of their dependencies, and side by side where those allow', async () => {
    const run = await plannedRun(house, diamond, {
      a: 'echo a > a.txt',
      // Neither could end without the other.
      b: 'cat a.txt; touch "$dir/b.here"; wait_for c.here; echo b > b.txt',
      c: 'cat a.txt; touch "$dir/c.here"; wait_for b.here; echo c > c.txt',
      d: 'cat a.txt b.txt c.txt; mkdir -p .devgodzilla/artifacts; echo fine > .devgodzilla/artifacts/report.md',
    })
    const { status, result } = await execute(run.id)
    expect({ status, result }).toMatchObject({
      status: 200,
      result: { status: 'completed', waiting: [], goes_on_in: null },
    })
    const journal = await run.journal()
    expect(journal.slice(0, 2)).toEqual(['a begins', 'a ends'])
    expect(journal.slice(-2)).toEqual(['d begins', 'd ends'])
    expect(journal).toHaveLength(8)

    const onBranch = await git(run.repository, 'ls-tree', '--name-only', run.branch)
    expect(onBranch.split('\n')).toEqual(['README.md', 'a.txt', 'b.txt', 'c.txt'])
    expect(await git(run.repository, 'ls-tree', '--name-only', 'main')).toBe('README.md')
    expect(await git(run.repository, 'status', '--porcelain')).toBe('')

    const a = await artifactsOf(run.step('a'))
    expect(Object.keys(a).sort()).toEqual(['brief.md', 'changes.txt', 'commit', 'summary.md'])
    expect(a['summary.md'].content).toBe('did a')
    expect(a['changes.txt'].content).toContain('a.txt')
    const d = await artifactsOf(run.step('d'))
    expect(d['report.md']).toMatchObject({ content: 'fine\n', media_type: 'text/markdown' })
    expect(d).not.toHaveProperty('commit')
    expect(await run.read('d.prompt')).toContain('From "b": summary.md')

    const { items } = await house.ask<Json>('GET', `/steps/${run.step('b')}/logs`)
    expect(items.map((it: Json) => it.line)).toEqual(['a', 'did b'])
    expect(await house.ask('GET', `/steps/${run.step('b')}`)).toMatchObject({
      agent: 'sh',
      status: 'completed',
      attempt: 1,
    })
    expect(await run.get()).toMatchObject({ status: 'completed', execution: null })
    // Run again, it finds nothing to do.
    expect(await execute(run.id)).toMatchObject({ status: 200, result: { status: 'completed' } })
    expect(await run.journal()).toHaveLength(8)
  })

  it('goes on with what does not depend on a step that failed, and fails naming it', async () => {
    const plan = [{ step_name: 'a' }, { step_name: 'b', depends_on: ['a'] }, { step_name: 'c' }]
    const run = await plannedRun(house, plan, { a: 'echo the disk is full >&2; exit 3' })
    const { status, result } = await execute(run.id)
    expect(status).toBe(500)
    expect(result).toMatchObject({
      error: { step_id: 'end', message: expect.stringMatching(/"a" \(failed: .*disk is full\)/) },
    })
    expect(await run.statuses()).toEqual({ a: 'failed', b: 'pending', c: 'completed' })
    expect(await run.get()).toMatchObject({ status: 'failed', execution: 'waiting' })
  })

  it('pauses the run where a lane breaks off, for its job and no other has taken it', async () => {
    const run = await plannedRun(house, [{ step_name: 'a' }])
    await house.setResource('f/devgodzilla/agent', { kind: 'oracle' }, 'c_devgodzilla_agent')
    const { status, result } = await execute(run.id)
    expect({ status, text: JSON.stringify(result) }).toMatchObject({
      status: 500,
      text: expect.stringContaining('f/devgodzilla/execute_protocol failed at step step:'),
    })
    expect(await run.statuses()).toEqual({ a: 'pending' })
    expect(await run.get()).toMatchObject({ status: 'paused', execution: 'waiting' })
  })

  it('tells a step that took too long from one that failed', async () => {
    const run = await plannedRun(
      house,
      [{ step_name: 'slow' }],
      { slow: 'sleep 60' },
      { agent: { timeout_seconds: 1 } },
    )
    expect((await execute(run.id)).status).toBe(500)
    expect(await run.statuses()).toEqual({ slow: 'timeout' })
  })

  it('ends where a person has to look, and goes on by itself when they have', async () => {
    const run = await plannedRun(house, [
      { step_name: 'a', qa_required: true },
      { step_name: 'b', depends_on: ['a'] },
    ])
    expect(await execute(run.id)).toMatchObject({
      status: 200,
      result: {
        status: 'needs_qa',
        waiting: [
          { step_name: 'a', waits_for: expect.stringContaining('QA') },
          { step_name: 'b', waits_for: expect.stringContaining('"a" (needs_qa)') },
        ],
      },
    })
    expect(await run.statuses()).toEqual({ a: 'needs_qa', b: 'pending' })
    await house.ask('POST', `/steps/${run.step('a')}/actions/complete`)
    const { status } = await until(run.get, ({ execution }) => execution === null)
    expect(status).toBe('completed')
    expect(await run.journal()).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('keeps work that conflicts on a branch of its own, and blocks the step', async () => {
    const run = await plannedRun(house, [{ step_name: 'b' }, { step_name: 'c' }], {
      b: 'echo b > README.md; touch "$dir/b.here"; wait_for c.here',
      c: 'echo c > README.md; touch "$dir/c.here"; wait_for b.here',
    })
    expect(await execute(run.id)).toMatchObject({
      status: 500,
      result: { error: { message: expect.stringMatching(/\(blocked: .*README\.md.*branch/) } },
    })
    const statuses = await run.statuses()
    const [blocked, kept] = statuses.b === 'blocked' ? ['b', 'c'] : ['c', 'b']
    expect(statuses).toEqual({ [blocked]: 'blocked', [kept]: 'completed' })
    const show = (branch: string) => git(run.repository, 'show', `${branch}:README.md`)
    expect(await show(run.branch)).toBe(kept)
    expect(await show(`${run.branch}-step-${run.step(blocked)}-attempt-1`)).toBe(blocked)
    expect(await show('main')).toBe('hello')
  })

  it('does without a repository: artifacts are what is left, and odd ones are passed over', async () => {
    const run = await plannedRun(
      house,
      [{ step_name: 'a' }, { step_name: 'b' }],
      {
        a: `test -z "$(ls -A)"; mkdir -p .devgodzilla/artifacts; cd .devgodzilla/artifacts
          echo x > x; echo x > ' '; echo x > "$(printf 'not utf-8 \\377')"; ln -s /etc/passwd link
          mkfifo pipe; printf 'a\\0b' > binary; head -c 1000001 /dev/zero | tr '\\0' x > huge`,
        // Cut where a character has two halves.
        b: `ln -s "$dir" .devgodzilla; mkdir "$dir/artifacts"; echo x > "$dir/artifacts/x"
          head -c 3999 /dev/zero | tr '\\0' x; printf '\\360\\237\\230\\200\\n'`,
      },
      { repository: false },
    )
    expect((await execute(run.id)).status).toBe(200)
    expect(Object.keys(await artifactsOf(run.step('a'))).sort()).toEqual([
      ...['brief.md', 'summary.md', 'x'],
    ])
    expect(Object.keys(await artifactsOf(run.step('b'))).sort()).toEqual(['brief.md', 'summary.md'])
    const { items } = await house.ask<Json>('GET', `/steps/${run.step('b')}/logs`)
    expect(items.map((it: Json) => it.line.slice(3990))).toEqual([
      ...['xxxxxxxxx\ufffd … (cut)', '', ''],
    ])
  })

  it('rehearses where there is no agent but the built-in one, and says so', async () => {
    const run = await plannedRun(house, pair.slice(0, 1))
    await house.setResource('f/devgodzilla/agent', { kind: 'builtin' }, 'c_devgodzilla_agent')
    expect(await execute(run.id)).toMatchObject({ result: { status: 'completed' } })
    const { 'brief.md': brief, 'summary.md': summary } = await artifactsOf(run.step('a'))
    expect(brief.content).toContain('# a\n')
    expect(summary.content).toMatch(/rehearsal.*nothing was done/)
    expect(await git(run.repository, 'branch', '--list', run.branch)).toBe('')
  })

  it('tells the agent the card, the spec and what came before', async () => {
    const run = await plannedRun(house, [{ step_name: 'a' }, { step_name: 'b', depends_on: ['a'] }])
    await house.ask('POST', `/protocols/${run.id}/actions/create-sprint`)
    const { linked_task_id } = await house.ask<Json>('GET', `/steps/${run.step('b')}`)
    await house.ask('PATCH', `/tasks/${linked_task_id}`, {
      description: 'Mind the gap.',
      acceptance_criteria: ['nobody falls'],
    })
    await execute(run.id)
    const prompt = await run.read('b.prompt')
    for (const told of ['Mind the gap.', '- nobody falls', 'did a', run.branch]) {
      expect(prompt).toContain(told)
    }
    expect(await house.ask('GET', `/tasks/${linked_task_id}/artifacts`)).toMatchObject({
      items: [{ name: 'brief.md' }, { name: 'summary.md', content: 'did b' }],
    })
  })

  it('leaves a run to the job that executes it', async () => {
    const run = await plannedRun(house, pair, {
      a: 'wait_for go',
    })
    const { flow_job_id } = await run.act('execute')
    await run.noted('a begins')
    expect(await execute(run.id)).toMatchObject({
      status: 200,
      result: { begun: false, reason: expect.stringContaining(flow_job_id) },
    })
    await run.open('go')
    expect(await house.ended(flow_job_id)).toMatchObject({ success: true })
    expect(await run.journal()).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('begins no step while the run is paused, and goes on when it is resumed', async () => {
    const run = await plannedRun(house, pair, { a: 'wait_for go' })
    const first = (await run.act('execute')).flow_job_id
    await run.noted('a begins')
    await run.act('pause')
    await run.open('go')
    expect(await house.ended(first)).toMatchObject({ result: { status: 'paused' } })
    expect(await run.statuses()).toEqual({ a: 'completed', b: 'pending' })
    await run.act('resume')
    const { status } = await until(run.get, ({ execution }) => execution === null)
    expect(status).toBe('completed')
    expect(await run.journal()).toHaveLength(4)
  })
})

describe('cancelled', () => {
  const busy = {
    a: 'setsid sh -c \'echo $$ > "$0/pid"; exec sleep 600\' "$dir" & echo started; wait',
  }
  const pidOf = async (run: { read(name: string): Promise<string> }) =>
    Number(
      await until(
        () => run.read('pid').catch(() => ''),
        (text) => text.endsWith('\n'),
      ),
    )

  it('as a run: its job ends, and every process of its agents', async () => {
    const run = await plannedRun(house, pair, busy)
    const { flow_job_id } = await run.act('execute')
    const pid = await pidOf(run)
    await run.act('cancel')
    expect(await house.ended(flow_job_id)).toMatchObject({ success: false })
    await until(
      () => isAlive(pid),
      (alive) => !alive,
    )
    expect(new Set(Object.values(await run.statuses()))).toEqual(new Set(['cancelled']))
  })

  it('as a job: the run is paused, its steps are queued, and resuming it starts another job', async () => {
    const run = await plannedRun(house, pair, busy)
    const { flow_job_id } = await run.act('execute')
    const pid = await pidOf(run)
    await house.cancelJob(flow_job_id)
    await house.ended(flow_job_id)
    await until(
      () => isAlive(pid),
      (alive) => !alive,
    )
    await house.watchExecutions()
    expect(await run.statuses()).toMatchObject({ a: 'pending' })
    expect(await run.get()).toMatchObject({ status: 'paused', execution: 'waiting' })
    await run.behave('a', '')
    await run.act('resume')
    expect((await until(run.get, ({ execution }) => execution === null)).status).toBe('completed')
    expect(await house.ask('GET', `/steps/${run.step('a')}`)).toMatchObject({ attempt: 2 })
  })

  it('as a step: its agent ends, and the run goes on without it', async () => {
    const run = await plannedRun(house, [{ step_name: 'a' }, { step_name: 'b' }], busy)
    const { flow_job_id } = await run.act('execute')
    const pid = await pidOf(run)
    await house.ask('POST', `/steps/${run.step('a')}/actions/cancel`)
    expect(await house.ended(flow_job_id)).toMatchObject({ success: true })
    expect(await isAlive(pid)).toBe(false)
    expect(await run.statuses()).toEqual({ a: 'cancelled', b: 'completed' })
  })
})
