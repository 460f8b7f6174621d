import { beforeAll, describe, expect, test } from 'vitest'
import { testApi } from '../../../support/api.ts'

describe('searching tasks', async () => {
  const api = await testApi()
  const ids: number[] = []
  beforeAll(async () => {
    for (const slug of ['shop', 'blog']) {
      const project = await api.post('/projects', { slug, name: slug })
      ids.push(project.body.id)
    }
    const [shop, blog] = ids
    const titles = [
      [shop, 'Count days in src/streaks/count.ts'],
      [shop, 'Über die Kasse: Überweisung prüfen'],
      [blog, "Let readers' comments be counted"],
    ]
    for (const [project_id, title] of titles) await api.post('/tasks', { project_id, title })
    const spec_path = 'specs/001-cart'
    const content = '# Tasks\n\n- [ ] T042 Empty the cart\n'
    const spec = await api.post('/specs', { project_id: shop, path: spec_path })
    await api.post(`/specs/${spec.body.id}/actions/import-tasks`, { content })
  })

  const titles = async (query: Record<string, string | number>) => {
    const search = Object.entries(query).map(([name, value]) => `${name}=${value}`)
    const answer = await api.get(`/tasks?${search.join('&')}`)
    expect(answer.status).toBe(200)
    return answer.body.items.map((task: { title: string }) => task.title)
  }

  test('finds words by how they begin, across projects, the newest first', async () => {
    expect(await titles({ q: 'count' })).toEqual([
      "Let readers' comments be counted",
      'Count days in src/streaks/count.ts',
    ])
    expect(await titles({ q: 'days STREA' })).toEqual(['Count days in src/streaks/count.ts'])
    expect(await titles({ q: 'über prü' })).toEqual(['Über die Kasse: Überweisung prüfen'])
    expect(await titles({ q: 'count', project_id: ids[0] ?? 0 })).toHaveLength(1)
    expect(await titles({ q: 'count nothing' })).toEqual([])
    const [cart] = (await api.get('/tasks?q=cart')).body.items
    expect(await titles({ q: 'e', spec_id: cart.spec_id })).toEqual(['Empty the cart'])
    expect(await titles({ q: 'count', ids: cart.id })).toEqual([])
    expect(await titles({ q: 'count', code: cart.code })).toEqual([])
  })

  test('finds codes and the ids of a file', async () => {
    expect(await titles({ q: 't042' })).toEqual(['Empty the cart'])
    const [task] = (await api.get('/tasks?q=cart')).body.items
    expect(await titles({ q: task.code.toLowerCase() })).toContain('Empty the cart')
  })

  test('goes on page by page, and leaves out what is archived', async () => {
    const first = await api.get('/tasks?q=count&limit=1')
    const second = await api.get(`/tasks?q=count&limit=1&cursor=${first.body.next_cursor}`)
    expect(second.body.items[0].title).toBe('Count days in src/streaks/count.ts')
    expect(second.body.next_cursor).toBeNull()
    await api.delete(`/tasks/${first.body.items[0].id}`)
    expect(await titles({ q: 'count' })).toEqual(['Count days in src/streaks/count.ts'])
  })

  test.each(["'", '&|!', ':*', '\\', '\u0000', '%'])('%j is no query language', async (q) => {
    const answer = await api.get(`/tasks?q=${encodeURIComponent(q)}`)
    expect([200, 422]).toContain(answer.status)
    expect(answer.body.items ?? []).toEqual([])
  })

  test('is read from an index', async () => {
    const sql = api.database.sql
    const [, plan] = await sql.begin(async (tx) => [
      await tx`set local enable_seqscan = off`,
      await tx`explain select id from tasks
        where search_words(title || ' ' || code || ' ' || coalesce(external_id, ''))
          @@ to_tsquery('simple', 'count:*')`,
    ])
    expect(JSON.stringify(plan)).toContain('tasks_by_words')
  })
})
