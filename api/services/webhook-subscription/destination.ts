import { type LookupAddress, type LookupAllOptions, lookup as lookUpName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { AllowedNetworks, Network } from '../../core/webhooks/networks.ts'

/** Finds the addresses of a name, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** Decides where messages may be sent. */
export interface Destination {
  /** Null for a literal address or a name that may be sent to, else what is wrong with it. */
  faultOf(url: URL): Promise<string | null>
  /** The same for a literal address alone, which no connection looks up. */
  faultOfLiteral(url: URL): string | null
  /** For a connection: answers only addresses that may be connected to. */
  lookup: LookupFunction
}

/** A name leads to, or an address is, a place that messages may not be sent to. */
class Forbidden extends Error {
  override readonly name = 'Forbidden'
}

/**
 * Keeps messages out of private networks, but for those allowed. The check is made on the very
 * address that is connected to, so that a name which changes its address passes no more than a
 * plain one does.
 */
export function destinations(
  allowed: AllowedNetworks,
  lookup: Lookup = lookUpName as Lookup,
): Destination {
  const allow = allowed === 'all' ? null : listOf(allowed)
  const forbids = ({ address }: { address: string }) => {
    if (allow === null) return false
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (allow.check(address, family)) return false
    return reserved.check(address, family) || !routable.check(address, family)
  }
  const resolve = (host: string, options: LookupAllOptions) =>
    new Promise<LookupAddress[]>((done, fail) => {
      lookup(host, { ...options, all: true }, (error, addresses) => {
        const wrong = addresses?.find(forbids)
        if (error) fail(error)
        else if (wrong) fail(new Forbidden(`${host} leads to ${wrong.address}, which ${rule}`))
        else done(addresses)
      })
    })
  const faultOfLiteral = (url: URL) => {
    const host = hostOf(url)
    return isIP(host) !== 0 && forbids({ address: host }) ? `${host} ${rule}` : null
  }
  return {
    faultOfLiteral,
    async faultOf(url) {
      const host = hostOf(url)
      if (isIP(host) !== 0) return faultOfLiteral(url)
      return resolve(host, { all: true }).then(
        () => null,
        (error: NodeJS.ErrnoException) =>
          error instanceof Forbidden
            ? error.message
            : `no address was found for ${host} (${error.code ?? error.message})`,
      )
    },
    lookup(host, options, done) {
      resolve(host, { ...options, all: true }).then(
        (addresses) => {
          if (options.all) return done(null, addresses)
          const [first] = addresses
          return first
            ? done(null, first.address, first.family)
            : done(new Error(`no address was found for ${host}`), '', 0)
        },
        (error: NodeJS.ErrnoException) => done(error, '', 0),
      )
    },
  }
}

const rule =
  'is no public address; the operator may allow its network by DEVGODZILLA_WEBHOOK_ALLOW_PRIVATE'

/** Without the brackets of an IPv6 address; names and numbers are as URL normalises them. */
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family)
  return list
}

const network = (text: string): Network => {
  const [address = '', prefix] = text.split('/')
  return { address, prefix: Number(prefix), family: address.includes(':') ? 'ipv6' : 'ipv4' }
}

/** IPv4 that is not of the public internet: IANA's registry of special-purpose addresses. */
const reserved4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(network)

/** IPv6 that goes anywhere: global unicast, and IPv4 in NAT64's and the mapped form. */
const routable = listOf(['0.0.0.0/0', '2000::/3', '64:ff9b::/96', '::ffff:0:0/96'].map(network))

/** The reserved ones, also where they hide in NAT64 or 6to4; a block list sees mapped ones itself. */
const reserved = listOf([
  ...reserved4,
  ...reserved4.flatMap(({ address, prefix }): Network[] => {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
    const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)]
    return [
      { address: `64:ff9b::${high}:${low}`, prefix: 96 + prefix, family: 'ipv6' },
      { address: `2002:${high}:${low}::`, prefix: 16 + prefix, family: 'ipv6' },
    ]
  }),
  ...['2001::/23', '2001:db8::/32', '3fff::/20'].map(network),
])
