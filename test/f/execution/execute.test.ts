import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../support/api.ts'
import { testDatabase } from '../../support/database.ts'
import { git } from '../support/git-repositories.ts'
import { startInstallation } from '../support/installation.ts'
import { diamond, plannedRun } from './support.ts'

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
})
