import { expect, test } from 'vitest'
import { checkedApi } from '../../support/checked-api.ts'

const api = await checkedApi()
const check = (content: string) => api.post('/specs/actions/check-tasks', { content })

test('a tasks.md is read as an import would, and nothing is changed', async () => {
  const { status, body } = await check(
    '- [ ] T001 A\n- [x] T002 B (depends on T001)\n- [ ] no id\n',
  )
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { recognised: 2, dependencies: { hard: 1, suggested: 0 }, skipped: [{ line: 3 }] },
  })
  expect((await api.get('/specs')).body.items).toEqual([])
})

test('what no import would take is refused with its reason', async () => {
  expect(await check('- [ ] T001 \0\n')).toMatchObject({ status: 422 })
})
