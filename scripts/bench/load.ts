import { connect, type Socket } from 'node:net'

/** Requests of one kind over many connections that stay open, each sent when the last was answered. */
export interface Load {
  /** Keeps asking for so long (ms), and answers how many requests a second were answered. */
  run(ms: number): Promise<number>
  close(): void
}

/**
 * As little of a client as there can be, since it shares the machine with what it measures: the
 * same bytes again and again, and of an answer its length alone.
 *
 * @throws where an answer is not a 200 that tells its length
 */
export async function openLoad(
  url: string,
  path: string,
  headers: Record<string, string>,
  connections: number,
): Promise<Load> {
  const { hostname, port } = new URL(url)
  const lines = Object.entries({ Host: hostname, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  const sockets = await Promise.all(
    Array.from({ length: connections }, () => opened(connect(Number(port), hostname))),
  )
  return {
    async run(ms) {
      const began = performance.now()
      const counts = await Promise.all(
        sockets.map(async (socket) => {
          let count = 0
          while (performance.now() - began < ms) {
            await ask(socket, request)
            count++
          }
          return count
        }),
      )
      const seconds = (performance.now() - began) / 1000
      return counts.reduce((sum, count) => sum + count, 0) / seconds
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function opened(socket: Socket): Promise<Socket> {
  socket.setNoDelay(true)
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

function ask(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const settle = (error?: Error) => {
      socket.off('data', onData).off('close', onClose)
      if (error) reject(error)
      else resolve()
    }
    const onClose = () => settle(new Error('the server closed a connection'))
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      const body = answer.indexOf('\r\n\r\n') + 4
      if (body < 4) return
      const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1]
      if (!answer.startsWith('HTTP/1.1 200') || length === undefined) {
        settle(new Error(`the answer was ${answer.slice(0, 500)}`))
      } else if (answer.length >= body + Number(length)) settle()
    }
    socket.on('data', onData).on('close', onClose)
    socket.write(request)
  })
}
