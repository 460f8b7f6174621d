import { createHmac, timingSafeEqual } from 'node:crypto'

/** An end of a connection, as a socket has it. */
export interface SocketPlace {
  address: string | undefined
  port: number | undefined
}

/** IPv4 by way of a socket of IPv6 is the same address. */
const nameOf = ({ address = '', port = 0 }: SocketPlace) =>
  `${address.replace(/^::ffff:/, '')} ${port}`

/**
 * By what an instance shows that it has the key, without telling it: HMAC-SHA256, in hex, of the
 * challenge and of the address and port it was asked at, so that whoever passes a challenge on to it
 * proves nothing: neither from another port, nor from the same port of another address.
 */
export const instanceProof = (key: string, place: SocketPlace, challenge: string): string =>
  createHmac('sha256', key)
    .update(`devgodzilla instance ${nameOf(place)} ${challenge}`)
    .digest('hex')

/** The proof, where there is a key, and the challenge is one: 256 random bits in hex. */
export function proofFor(
  key: string | undefined,
  socket: { localAddress?: string | undefined; localPort?: number | undefined } | undefined,
  challenge: string | undefined,
): { proof?: string } {
  const place = { address: socket?.localAddress, port: socket?.localPort }
  if (!key || !place.address || !challenge || !/^[0-9a-f]{64}$/.test(challenge)) return {}
  return { proof: instanceProof(key, place, challenge) }
}

/** In constant time. */
export function isProof(
  given: unknown,
  key: string,
  place: SocketPlace,
  challenge: string,
): boolean {
  const [told, wanted] = [String(given), instanceProof(key, place, challenge)].map(Buffer.from) as [
    Buffer,
    Buffer,
  ]
  return told.length === wanted.length && timingSafeEqual(told, wanted)
}
