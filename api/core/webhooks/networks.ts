export interface Network {
  address: string
  prefix: number
  family: 'ipv4' | 'ipv6'
}

/** Private networks that messages may be sent into: all of them, or these. */
export type AllowedNetworks = 'all' | readonly Network[]

/**
 * Reads `true`, `false`, or a list like `10.1.0.0/16, fd00::/8, 127.0.0.1`.
 * @throws Error that names the part which is neither
 */
export function parseNetworks(text: string): AllowedNetworks {
  const wanted = text.trim()
  if (/^(true|1|yes|on)$/i.test(wanted)) return 'all'
  if (/^(|false|0|no|off)$/i.test(wanted)) return []
  return wanted
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseNetwork)
}

function parseNetwork(text: string): Network {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = familyOf(address)
  const bits = family === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (!family || rest.length > 0 || length < 0 || length > bits) {
    throw new Error(`"${text}" is not a network such as 10.1.0.0/16; or say true for all`)
  }
  return { address, prefix: length, family }
}

/** An address as it is written in full: none of the shorthands that URLs take. */
function familyOf(address: string): Network['family'] | null {
  const host = address.includes(':') ? `[${address}]` : address
  if (!URL.canParse(`http://${host}/`)) return null
  if (address.includes(':')) return 'ipv6'
  return new URL(`http://${host}/`).hostname === address && /^[\d.]+$/.test(address) ? 'ipv4' : null
}
