import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Asked for by clients that speak HTTP/2 where they can, such as Java's, with each request. */
const isWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket'

/**
 * A request that asks for another protocol than WebSocket is answered as if it had not (RFC 9110,
 * 7.8). Node hands such a connection over whole, and nobody would answer it: it is given back with
 * the request put in front again, the wish left out.
 */
export function ignoreOtherUpgrades(server: Server): void {
  const [webSocket] = server.listeners('upgrade')
  server.removeAllListeners('upgrade')
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isWebSocket(request)) return void webSocket?.call(server, request, socket, head)
    socket.unshift(Buffer.concat([Buffer.from(withoutWish(request), 'latin1'), head]))
    server.emit('connection', socket)
  })
}

function withoutWish({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (!['upgrade', 'connection', 'http2-settings'].includes(name.toLowerCase())) {
      lines.push(`${name}: ${value}`)
    }
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
