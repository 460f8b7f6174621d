import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyOf, sign, verify, verifyGitHub } from '../../../../api/core/webhooks/signature.ts'

/** The example that the libraries of Standard Webhooks are tested with. */
const published = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  message: {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
  },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const { secret, message, signature } = published
const headers = { id: message.id, timestamp: String(message.timestamp), signature }
const at = message.timestamp

describe('a message is signed as Standard Webhooks says', () => {
  it('with the signature of the published example', () => {
    expect(sign(secret, message)).toBe(signature)
    expect(verify(secret, headers, message.body, at)).toBe('valid')
  })

  it('over the bytes of the body, whatever they are', () => {
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const code = createHmac('sha256', 'plain text')
      .update(Buffer.concat([Buffer.from('msg.1.'), body]))
      .digest('base64')
    expect(sign('plain text', { id: 'msg', timestamp: 1, body })).toBe(`v1,${code}`)
  })

  it('accepting one right signature among several, as while a secret is rotated', () => {
    const other = sign('another secret', message)
    const several = { ...headers, signature: `v1a,abc ${other} ${signature}` }
    expect(verify(secret, several, message.body, at)).toBe('valid')
  })

  it.each([
    ['another body', headers, '{"test": 2432232315}'],
    ['another id', { ...headers, id: 'msg_other' }, message.body],
    ['another timestamp', { ...headers, timestamp: '1614265331' }, message.body],
    ['a signature cut short', { ...headers, signature: signature.slice(0, -4) }, message.body],
    [
      'a signature of another version',
      { ...headers, signature: `v2${signature.slice(2)}` },
      message.body,
    ],
    ['words', { ...headers, signature: 'trust me' }, message.body],
  ])('refusing %s', (_what, given, body) => {
    expect(verify(secret, given, body, at)).toBe('wrong_signature')
  })

  it.each([
    ['no id', { ...headers, id: undefined }],
    ['no signature', { ...headers, signature: '' }],
    ['no timestamp', { ...headers, timestamp: undefined }],
    ['a timestamp that is no number', { ...headers, timestamp: '1614265330.5' }],
  ])('refusing %s', (_what, given) => {
    expect(verify(secret, given, message.body, at)).toBe('incomplete')
  })

  it('within five minutes of the clock, either way', () => {
    expect(verify(secret, headers, message.body, at + 300)).toBe('valid')
    expect(verify(secret, headers, message.body, at + 301)).toBe('too_old')
    expect(verify(secret, headers, message.body, at - 300)).toBe('valid')
    expect(verify(secret, headers, message.body, at - 301)).toBe('too_new')
  })
})

describe('a secret', () => {
  it('is bytes in base64 after whsec_, and its own text else', () => {
    expect(keyOf('whsec_AAEC').equals(Buffer.from([0, 1, 2]))).toBe(true)
    expect(keyOf('pässword').equals(Buffer.from('pässword'))).toBe(true)
  })

  it.each(['', 'whsec_', 'whsec_no base64!', 'whsec_A'])('is refused as %j', (unfit) => {
    expect(() => keyOf(unfit)).toThrow(/webhook secret/)
  })
})

describe("GitHub's signature", () => {
  // From GitHub's page on validating webhook deliveries.
  const body = 'Hello, World!'
  const hub = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

  it('is that of the published example', () => {
    expect(verifyGitHub("It's a Secret to Everybody", hub, body)).toBe('valid')
  })

  it('is refused for another body, another form, or none', () => {
    const secret = "It's a Secret to Everybody"
    expect(verifyGitHub(secret, hub, 'Hello, World?')).toBe('wrong_signature')
    expect(verifyGitHub(secret, hub.slice('sha256='.length), body)).toBe('wrong_signature')
    expect(verifyGitHub(secret, undefined, body)).toBe('incomplete')
  })
})
