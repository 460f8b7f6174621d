import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A loopback port nobody listens on. It may be taken before it is used: a start is to be repeated. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
