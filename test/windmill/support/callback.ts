import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * The name or address under which the server's workers reach this machine: loopback, unless
 * DEVGODZILLA_CALLBACK_HOST says otherwise, as it must for workers in containers.
 */
export const callbackHost = process.env.DEVGODZILLA_CALLBACK_HOST || '127.0.0.1'

/** What to listen on for that: no more than is asked for. */
export function bindFor(host: string): string {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  if (isIP(host) && own.some(({ address }) => address === host)) return host
  return host === 'localhost' ? '127.0.0.1' : '0.0.0.0'
}
