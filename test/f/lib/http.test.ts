import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { ask } from '../../../f/devgodzilla/lib/http.ts'

/** Something that answers one request with these bytes, and what it was sent. */
async function serverThat(reply: (socket: Socket) => void) {
  const sent: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (bytes) => {
      sent.push(String(bytes))
      reply(socket)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sent }
}

const head = (line: string, ...fields: string[]) =>
  [`HTTP/1.1 ${line}`, ...fields, '', ''].join('\r\n')
const request = { method: 'GET', headers: {}, timeout: 10_000 }
const impatient = { ...request, timeout: 100 }

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it.each<[string, RegExp, (socket: Socket) => void, given?: typeof request]>([
  [
    'is cut off in the middle',
    /aborted/,
    (socket) => socket.end(`${head('200 OK', 'content-length: 9')}{`),
  ],
  [
    'trickles in for ever',
    /no answer within 100 ms/,
    (socket) => {
      socket.write(head('200 OK', 'content-length: 9999'))
      const drip = setInterval(() => socket.write(' '), 10)
      socket.once('close', () => clearInterval(drip))
    },
    impatient,
  ],
  [
    'wants to go on in another protocol',
    /closed without an answer/,
    (socket) => socket.write(head('101 Switching Protocols', 'connection: upgrade', 'upgrade: x')),
  ],
  ['is not HTTP', /Expected HTTP/, (socket) => socket.end('hello\r\n\r\n')],
])('what %s is no answer', async (_, reason, reply, given = request) => {
  const { url } = await serverThat(reply)
  await expect(ask(url, given)).rejects.toMatchObject({
    name: 'NoAnswer',
    message: expect.stringMatching(reason),
  })
})

it('nothing compressed is asked for, since nothing would unpack it', async () => {
  const { url, sent } = await serverThat((socket) =>
    socket.end(head('200 OK', 'content-length: 0')),
  )
  await ask(url, request)
  expect(sent.join()).toContain('accept-encoding: identity')
})

it('where the environment names a proxy, it is left to the runtime whether to go by it', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch')
  const { url } = await serverThat((socket) =>
    socket.end(head('302 Found', 'location: http://127.0.0.1:1/', 'content-length: 0')),
  )
  await ask(url, request)
  expect(fetched).not.toHaveBeenCalled()
  vi.stubEnv('https_proxy', 'http://127.0.0.1:1')
  const { status, headers } = await ask(url, request)
  expect([status, headers.location]).toEqual([302, 'http://127.0.0.1:1/'])
  expect(fetched).toHaveBeenCalledOnce()

  const silent = await serverThat(() => undefined)
  await expect(ask(silent.url, impatient)).rejects.toThrow('no answer within 100 ms')
  await expect(ask('http://127.0.0.1:1/', request)).rejects.toMatchObject({ name: 'NoAnswer' })
})
