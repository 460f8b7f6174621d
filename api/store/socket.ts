import { Socket } from 'node:net'

/**
 * Tells of an error in the same breath as of the end it leads to. postgres.js 3.4 refuses what waits
 * for a connection at its error, and takes it out of use only at its end: a query sent in between
 * would never be answered, nor would the connection be used again.
 */
class WholeEnd extends Socket {
  #error: unknown

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'error') {
      this.#error = args[0]
      return true
    }
    if (event === 'close' && this.#error !== undefined) super.emit('error', this.#error)
    return super.emit(event, ...args)
  }
}

/** What postgres.js knows of a server: several hosts are tried in turn. */
export interface ServerAddress {
  host: string[]
  port: number[]
  path?: string | null | false
}

/** Makes the sockets of a pool; each connects while the driver writes its first words. */
export function socketsOf(): (address: ServerAddress) => Socket {
  let next = 0
  return ({ host, port, path }) => {
    const socket = new WholeEnd()
    if (path) return socket.connect(path)
    const place = next++ % port.length
    const server = { host: host[place] ?? 'localhost', port: port[place] ?? 5432 }
    // The driver asks the socket for its host, to check the server's certificate.
    return Object.assign(socket, { host: server.host }).connect(server)
  }
}
