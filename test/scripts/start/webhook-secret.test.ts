import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { keptSecret, secretFile } from '../../../scripts/connect/secrets.ts'
import { readSettings } from '../../../scripts/start/settings.ts'

const set = (secret: string) => readSettings({}, { DEVGODZILLA_WEBHOOK_SECRET: secret })

it.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'a long enough phrase'])(
  'takes %j to sign webhooks with',
  (secret) => {
    expect(set(secret).webhookSecret).toBe(secret)
  },
)

it.each([
  ['short', /DEVGODZILLA_WEBHOOK_SECRET: must have 16/],
  ['whsec_this is no base64', /DEVGODZILLA_WEBHOOK_SECRET: .*base64/],
])('refuses %j, naming the rule', (secret, why) => {
  expect(() => set(secret)).toThrow(why)
})

it('keeps the one it generates, for its owner alone', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'webhook-secret-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const secret = await keptSecret(dataDir, 'webhook-secret')
  expect(await keptSecret(dataDir, 'webhook-secret')).toBe(secret)
  expect((await stat(secretFile(dataDir, 'webhook-secret'))).mode & 0o777).toBe(0o600)
})
