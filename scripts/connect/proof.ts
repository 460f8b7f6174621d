import { randomBytes } from 'node:crypto'
import { Agent, get } from 'node:http'
import type { Socket } from 'node:net'
import { isProof, type SocketPlace } from '../../api/core/instance-proof.ts'

/** Who has shown which key: they are there as long as the connection is open. */
const proven = new Map<string, string>()
const agent = new Agent({ keepAlive: true })
/** How long an answer may take (ms): it is one of this machine. */
const patience = 5000

/** What an API and an engine answered, whatever they were asked, before they could prove anything. */
const unasked = ['{"status":"ok"}', 'Not found: GET /health is not part of the local engine']

/**
 * Whether whoever listens at an address of this machine has the key of its data folder, or answers
 * as an older version, which anybody can. It is asked anew once the connection over which it was
 * shown has ended: then it may be somebody else.
 * @throws what connecting fails with, where nobody listens
 */
export async function standingOf(
  url: string,
  key: string,
): Promise<'proven' | 'older' | 'stranger'> {
  const origin = new URL(url)
  if (proven.get(origin.href) === key) return 'proven'
  // What ends TLS is somebody else, who could only pass the challenge on.
  if (origin.protocol !== 'http:') return 'stranger'
  const challenge = randomBytes(32).toString('hex')
  const { text, socket, place } = await read(new URL(`/health?challenge=${challenge}`, origin))
  if (unasked.includes(text)) return 'older'
  if (key === '' || !isProof(proofIn(text), key, place, challenge)) return 'stranger'
  if (socket.destroyed) return 'proven'
  proven.set(origin.href, key)
  socket.once('close', () => proven.delete(origin.href))
  return 'proven'
}

interface Heard {
  text: string
  socket: Socket
  /** Whom it is heard from. */
  place: SocketPlace
}

function read(url: URL): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asking = get(url, { agent, timeout: patience }, (answer) => {
      const { socket } = answer
      const place = { address: socket.remoteAddress, port: socket.remotePort }
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
        if (text.length > 10_000) answer.destroy(new Error('it answers too much'))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ text, socket, place }))
    })
    asking.on('timeout', () => asking.destroy(new Error('it does not answer')))
    asking.on('error', reject)
  })
}

function proofIn(text: string): unknown {
  try {
    return Object(JSON.parse(text)).proof
  } catch {
    return undefined
  }
}
