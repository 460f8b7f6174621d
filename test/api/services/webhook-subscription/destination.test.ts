import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseNetworks } from '../../../../api/core/webhooks/networks.ts'
import { faultOfUrl } from '../../../../api/core/webhooks/url.ts'
import {
  destinations,
  type Lookup,
} from '../../../../api/services/webhook-subscription/destination.ts'

const urls: Record<'malformed' | 'private' | 'public', string[]> = JSON.parse(
  await readFile(new URL('hostile-urls.json', import.meta.url), 'utf8'),
)
/** A name server that knows these names; an address is answered as any resolver does. */
const knowing =
  (names: Record<string, string[]>): Lookup =>
  (host, _options, done) => {
    const addresses = isIP(host) ? [host] : names[host]
    if (!addresses) done(Object.assign(new Error(`no ${host}`), { code: 'ENOTFOUND' }), [])
    else
      done(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      )
  }
const names = {
  'good.test': ['93.184.216.34', '2606:4700:4700::1111'],
  'bad.test': ['10.0.0.7'],
  'mixed.test': ['93.184.216.34', 'fd00::1'],
}
const closed = destinations([], knowing(names))

describe('an address that is no web address', () => {
  test.each(urls.malformed)('%s', (url) => {
    expect(faultOfUrl(url)).toMatch(/^must /)
  })
})

describe('an address in a private network is refused', () => {
  test.each(urls.private)('%s', async (url) => {
    expect(faultOfUrl(url)).toBeNull()
    expect(await closed.faultOf(new URL(url))).toContain('DEVGODZILLA_WEBHOOK_ALLOW_PRIVATE')
  })
})

describe('a public address is taken', () => {
  test.each(urls.public)('%s', async (url) => {
    expect(faultOfUrl(url)).toBeNull()
    expect(await closed.faultOf(new URL(url))).toBeNull()
    expect(closed.faultOfLiteral(new URL(url))).toBeNull()
  })
})

test('a name is judged by every address it leads to', async () => {
  const fault = (host: string) => closed.faultOf(new URL(`https://${host}/`))
  expect(await fault('good.test')).toBeNull()
  expect(await fault('bad.test')).toContain('bad.test leads to 10.0.0.7')
  expect(await fault('mixed.test')).toContain('mixed.test leads to fd00::1')
  expect(await fault('unknown.test')).toBe('no address was found for unknown.test (ENOTFOUND)')
})

test('localhost leads to where it leads', async () => {
  expect(await destinations([]).faultOf(new URL('http://localhost:8787/'))).toContain(
    'localhost leads to',
  )
})

test('what the operator allows is taken, in each of its forms, and nothing beside it', async () => {
  const to = destinations(parseNetworks('10.0.0.0/24, fd00::/8'), knowing(names))
  const fault = (url: string) => to.faultOf(new URL(url))
  for (const url of ['http://10.0.0.9/', 'http://[::ffff:10.0.0.9]/', 'http://[fd12::1]/']) {
    expect(await fault(url)).toBeNull()
  }
  expect(await fault('http://bad.test/')).toBeNull()
  for (const url of ['http://10.0.1.1/', 'http://127.0.0.1/', 'http://[fe80::1]/']) {
    expect(await fault(url)).not.toBeNull()
  }
  const all = destinations(parseNetworks('true'), knowing(names))
  for (const url of urls.private) expect(await all.faultOf(new URL(url))).toBeNull()
})

test.each([
  '10.0.0.0/33',
  '10.0.0/8',
  'fd00::/129',
  'fd00::/x',
  'localhost',
  '10.0.0.0/8/8',
  '0x7f.0.0.1',
])('the network %s is refused by name', (text) => {
  expect(() => parseNetworks(`127.0.0.0/8, ${text}`)).toThrow(`"${text}" is not a network`)
})

test('networks are read as they are written', () => {
  expect(parseNetworks(' 127.0.0.1,fd00::/8 ')).toEqual([
    { address: '127.0.0.1', prefix: 32, family: 'ipv4' },
    { address: 'fd00::', prefix: 8, family: 'ipv6' },
  ])
  expect([parseNetworks('true'), parseNetworks('false'), parseNetworks('')]).toEqual([
    'all',
    [],
    [],
  ])
})
