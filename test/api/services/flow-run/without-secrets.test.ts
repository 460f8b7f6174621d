import { expect, test } from 'vitest'
import { withoutSecrets } from '../../../../api/services/flow-run/without-secrets.ts'

test('what a name says is secret is hidden, however it is spelled; references and counts are not', () => {
  const secret = {
    token: 'a',
    apiToken: 'b',
    'X-Api-Key': 'c',
    Authorization: 'd',
    db_password: 'e',
  }
  const told = { tokens: 5, note: 'fine', token: '$var:f/x', monkey: 'g', passwords_reset: 'h' }
  const hidden = Object.fromEntries(Object.keys(secret).map((name) => [name, '••••••']))
  expect(withoutSecrets({ deep: [secret], told })).toEqual({ deep: [hidden], told })
})
