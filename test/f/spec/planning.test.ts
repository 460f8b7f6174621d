import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { requireTool } from '../../support/requires.ts'
import { colleaguePushes, git, repositoryWith } from '../support/git-repositories.ts'
import { remoteWith } from '../support/git-server.ts'
import { startInstallation } from '../support/installation.ts'
import { modelThat, type Turn } from '../support/model-server.ts'

const database = await testDatabase()
let house: Awaited<ReturnType<typeof startInstallation>>
beforeAll(async () => {
  house = await startInstallation(database.url)
})
afterAll(() => house.close())
beforeEach(() => house.setAgent({ kind: 'builtin' }))

interface Items<T> {
  items: T[]
}
interface Run {
  id: number
  kind: string
  status: string
  linked_sprint_id: number | null
}
interface Step {
  id: number
  step_name: string
  status: string
  status_reason: string | null
  agent: string
  attempt: number
}

let nth = 0
async function projectWith(files: Record<string, string>, more: object = {}) {
  const local_path = await repositoryWith(files)
  const slug = `tea-${++nth}`
  const { id } = await house.ask<{ id: number }>('POST', '/projects', {
    ...{ slug, name: slug, local_path, ...more },
  })
  const items = async <T>(path: string) => (await house.ask<Items<T>>('GET', path)).items
  return {
    ...{ id, local_path },
    plan: (feature_request: string, args: object = {}) =>
      house.runFlow('spec_to_tasks', { project_id: id, feature_request, ...args }),
    read: (path: string) => readFile(join(local_path, path), 'utf8'),
    folders: () => readdir(join(local_path, 'specs')),
    runs: () => items<Run>(`/protocols?project_id=${id}`),
    steps: (run: Run | undefined) => items<Step>(`/protocols/${run?.id}/steps`),
    logs: (step: Step | undefined) => items<{ line: string }>(`/steps/${step?.id}/logs`),
    artifacts: (step: Step | undefined) => items<{ name: string }>(`/steps/${step?.id}/artifacts`),
  }
}

/** An agent that is a shell script; $document is what it is asked for, $prompt how. */
const shell = (script: string) =>
  house.setAgent({
    kind: 'command',
    command: [
      ...['sh', '-ec'],
      `prompt=$(cat); document=$(echo "$prompt" | sed -n '1s/Write \\(.*\\) for a feature.*/\\1/p'); ${script}`,
    ],
  })

describe('a feature request', () => {
  const request = 'Sell tea in the shop. Customers pay by card.'

  it('becomes spec.md, plan.md and tasks.md in a new folder, and tasks on the board; once', async () => {
    const project = await projectWith({ 'specs/003-old/tasks.md': '- [ ] T001 Old\n' })
    await git(project.local_path, 'branch', '005-taken')
    const { status, result } = await project.plan(request)
    expect({ status, result }).toMatchObject({
      status: 200,
      result: { sprint_id: null, recognised: 7, created: 7, notes: [] },
    })
    expect(await project.folders()).toEqual(['003-old', '006-sell-tea-shop'])
    const folder = 'specs/006-sell-tea-shop'
    expect(await project.read(`${folder}/spec.md`)).toMatch(
      /### User Story 2 - Customers pay by card \(Priority: P2\)/,
    )
    expect(await project.read(`${folder}/plan.md`)).toMatch(/^# Implementation Plan: Sell tea/)
    expect(await project.read(`${folder}/tasks.md`)).toMatch(/^- \[ \] T003 \[P\] \[US1\] /m)

    const [run] = await project.runs()
    expect(run).toMatchObject({ kind: 'planning', status: 'completed', linked_sprint_id: null })
    const steps = await project.steps(run)
    expect(steps.map(({ step_name, status, agent }) => [step_name, status, agent])).toEqual([
      ['specify', 'completed', 'builtin'],
      ['plan', 'completed', 'builtin'],
      ['tasks', 'completed', 'builtin'],
    ])
    expect(await project.logs(steps[0])).toEqual([
      expect.objectContaining({ line: `${folder}/spec.md is written by rule, without a model` }),
    ])
    expect(await project.artifacts(steps[2])).toMatchObject([{ name: `${folder}/tasks.md` }])

    // The same request finds its folder again, and has nothing more to plan.
    expect(await project.plan(` ${request.replace('. ', '.\n')}`)).toMatchObject({
      status: 200,
      result: { created: 0, unchanged: 7, notes: [] },
    })
    expect(await project.folders()).toEqual(['003-old', '006-sell-tea-shop'])
    expect(await project.runs()).toHaveLength(1)
  })

  it('is told when its result is wrong, and tries once more', async () => {
    const project = await projectWith({ 'README.md': '' })
    await shell(`case "$document$prompt" in
      *tasks.md*'tried once'*) echo '- [ ] T001 Brew in tea.md' > "$document" ;;
      *) echo "# Nothing yet" > "$document" ;;
    esac; echo looked at $(basename "$document")`)
    expect(await project.plan(request)).toMatchObject({ status: 200, result: { created: 1 } })
    const steps = await project.steps((await project.runs())[0])
    expect((await project.logs(steps[2])).map(({ line }) => line)).toEqual([
      'looked at tasks.md',
      expect.stringMatching(/not right yet: .*has no task/),
      'looked at tasks.md',
    ])
  })

  it('goes on where an agent failed, with the documents that are there', async () => {
    const project = await projectWith({ 'README.md': '' })
    await shell(`case "$document" in
      *spec.md) echo "# Mine" > "$document" ;;
      *) echo "no tea left" >&2; exit 7 ;;
    esac`)
    const { status, result } = await project.plan(request)
    expect(status).toBe(500)
    expect(result).toMatchObject({
      error: { step_id: 'plan', message: expect.stringMatching(/exit code 7: no tea left/) },
    })
    const [failed] = await project.runs()
    expect(failed).toMatchObject({ status: 'failed' })
    const [, plan, tasks] = await project.steps(failed)
    expect(plan).toMatchObject({ status: 'failed', attempt: 1, agent: 'sh' })
    expect(plan?.status_reason).toMatch(/no tea left/)
    expect(tasks).toMatchObject({ status: 'pending' })

    await house.setAgent({ kind: 'builtin' })
    expect(await project.plan(request)).toMatchObject({ status: 200, result: { created: 5 } })
    expect(await project.read('specs/001-sell-tea-shop/spec.md')).toMatch(/^# Mine\n/)
    const second = (await project.runs()).find(({ id }) => id !== failed?.id)
    expect((await project.steps(second)).map((step) => step.step_name)).toEqual(['plan', 'tasks'])
  })

  it('is given up where its run is cancelled, with what the agent was doing', async () => {
    const project = await projectWith({ 'README.md': '' })
    await shell('echo "# Late" > "$document"; exec sleep 600')
    const ended = project.plan(request)
    const running = async () => (await project.steps((await project.runs())[0]))[0]
    await vi.waitFor(async () => expect((await running())?.status).toBe('running'), 20_000)
    await house.ask('POST', `/protocols/${(await project.runs())[0]?.id}/actions/cancel`, {})
    expect(await ended).toMatchObject({
      status: 500,
      result: { error: { step_id: 'specify', message: expect.stringMatching(/sh was cancelled/) } },
    })
    expect(await running()).toMatchObject({ status: 'cancelled' })
    await expect(project.folders()).rejects.toThrow('ENOENT')
  })

  it('takes new files of its folder alone: no edit, and nothing beside it', async () => {
    const project = await projectWith({
      'README.md': 'mine\n',
      'specs/001-a/spec.md': '# Kept\n',
      'specs/001-a/notes.md': 'kept\n',
    })
    await shell(`echo theirs > README.md; echo theirs > specs/001-a/notes.md
      echo '- [ ] T001 Brew' > "$document"; mkdir -p specs/001-a/contracts
      echo '{}' > specs/001-a/contracts/api.json; ln -sf /etc/hostname specs/001-a/link.md`)
    const { result } = await project.plan(request, { spec_path: 'specs/001-a' })
    expect(result).toMatchObject({
      created: 1,
      notes: [expect.stringMatching(/before this request/)],
    })
    expect(await git(project.local_path, 'status', '--porcelain', '-uall')).toBe(
      [
        '?? specs/001-a/contracts/api.json',
        '?? specs/001-a/plan.md',
        '?? specs/001-a/tasks.md',
      ].join('\n'),
    )
  })

  it('goes as one commit per document to the branch of a project that is cloned', async () => {
    const remote = await remoteWith({ 'README.md': 'mine\n' })
    const project = await projectWith({}, { local_path: null, repo_url: remote.url })
    await shell('echo theirs > README.md; git commit -qam x; echo "- [ ] T001 Brew" > "$document"')
    remote.beforePush(() => colleaguePushes(remote.bare, { 'other.md': '' }))
    expect(await project.plan(request)).toMatchObject({ status: 200, result: { created: 1 } })
    expect(await project.plan(request)).toMatchObject({ status: 200, result: { created: 0 } })
    const folder = 'specs/001-sell-tea-shop'
    expect((await git(remote.bare, 'log', '--format=%s', 'main')).split('\n')).toEqual([
      `Add ${folder}/tasks.md (sh)`,
      `Add ${folder}/plan.md (sh)`,
      `Add ${folder}/spec.md (sh)`,
      'Work of a colleague',
      'Begin',
    ])
    expect(await git(remote.bare, 'show', 'main:README.md')).toBe('mine')
  })
})

describe.skipIf(!requireTool('claude'))('a feature request for claude', () => {
  it('is written by it, and what that cost is kept with each step', async () => {
    const folder = 'specs/001-sell-tea'
    const write = (name: string, content: string): Turn[] => [
      { use: 'Write', input: { file_path: `${folder}/${name}`, content } },
      { say: `${name} is there.` },
    ]
    const model = await modelThat(
      ...write('spec.md', '# Feature Specification: Tea\n'),
      ...write('plan.md', '# Plan\n'),
      ...write('tasks.md', '- [ ] T001 Brew in tea.md\n'),
    )
    await house.setAgent({ kind: 'claude', base_url: model.url, api_key: 'key-of-mine' })
    const project = await projectWith({ 'README.md': '' })
    expect(await project.plan('Sell tea')).toMatchObject({ status: 200, result: { created: 1 } })
    const steps = await project.steps((await project.runs())[0])
    for (const step of steps) {
      expect(step).toMatchObject({
        ...{ status: 'completed', agent: 'claude', tokens: 42, cost_usd: expect.any(Number) },
        usage: { input_uncached: 20, cache_read: 10, cache_write: 4, output: 8, reasoning: 0 },
      })
    }
    expect((await project.logs(steps[1])).map(({ line }) => line)).toEqual([
      expect.stringMatching(/^claude begins/),
      `uses Write: ${folder}/plan.md`,
      'plan.md is there.',
    ])
  })
})
