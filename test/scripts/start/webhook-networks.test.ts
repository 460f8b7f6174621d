import { expect, test } from 'vitest'
import { readSettings } from '../../../scripts/start/settings.ts'

const set = (networks?: string) =>
  readSettings({}, { DEVGODZILLA_WEBHOOK_ALLOW_PRIVATE: networks }).webhookAllowPrivate

test('webhooks are sent into the private networks that are named, into all, or by default none', () => {
  expect(set()).toEqual([])
  expect(set('true')).toBe('all')
  expect(set('10.1.0.0/16')).toEqual([{ address: '10.1.0.0', prefix: 16, family: 'ipv4' }])
})

test('what is no network is refused at the start, by the name of its setting', () => {
  expect(() => set('10.1.0.0/16, intranet')).toThrow(
    'DEVGODZILLA_WEBHOOK_ALLOW_PRIVATE: "intranet" is not a network',
  )
})
