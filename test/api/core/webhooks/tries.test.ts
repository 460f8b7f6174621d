import { expect, test } from 'vitest'
import { jitter, noAnswer, resultOf, usualWaits } from '../../../../api/core/webhooks/tries.ts'

const now = Date.parse('2026-05-04T10:00:00Z')
const result = (status: number, retryAfter?: string, note = '') =>
  resultOf({ status, retryAfter, note }, now)

test('tries go on for about a day, each wait at least as long as the one before', () => {
  const hours = usualWaits.reduce((sum, wait) => sum + wait, 0) / 3600
  expect(hours).toBeGreaterThan(20)
  expect(hours * jitter(1)).toBeLessThan(30)
  expect([...usualWaits].sort((a, b) => a - b)).toEqual(usualWaits)
  expect([jitter(0), jitter(0.5)]).toEqual([0.8, 1])
})

test('2xx is done, 410 wants no more, everything else is tried again', () => {
  expect([200, 204, 299].map((it) => result(it).kind)).toEqual(['sent', 'sent', 'sent'])
  expect(result(410)).toMatchObject({ kind: 'failed', gone: true })
  for (const status of [100, 199, 300, 301, 400, 401, 404, 408, 429, 500, 503, 999]) {
    expect(result(status)).toMatchObject({
      kind: 'failed',
      status,
      gone: false,
      unreachable: false,
    })
  }
  expect(result(500, undefined, 'oops')).toMatchObject({ error: 'answered 500', note: 'oops' })
  expect(noAnswer('refused', true)).toMatchObject({ kind: 'failed', status: null, waitAtLeast: 0 })
})

test.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['120', 120],
  ['3600', 3600],
  ['999999999', 3600],
  ['-5', 0],
  ['1e9', 0],
  ['soon', 0],
  ['Mon, 04 May 2026 10:02:00 GMT', 120],
  ['Mon, 04 May 2026 09:00:00 GMT', 0],
  ['Tue, 05 May 2026 10:00:00 GMT', 3600],
])('Retry-After "%s" asks for %s seconds', (header, seconds) => {
  expect(result(503, header)).toMatchObject({ waitAtLeast: seconds })
})
