import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { instanceProof } from '../../../api/core/instance-proof.ts'
import { addressFile, leaveAddress } from '../../../scripts/connect/address.ts'
import { call } from '../../../scripts/connect/client.ts'
import { keptSecret } from '../../../scripts/connect/secrets.ts'
import {
  apiTarget,
  findApi,
  findWindmill,
  windmillTarget,
} from '../../../scripts/connect/target.ts'
import { testApi } from '../../support/api.ts'

/** A data folder with an administrator's token, as `start` leaves it. */
async function dataFolder() {
  const dir = await mkdtemp(join(tmpdir(), 'devgodzilla-target-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return { dir, env: { DEVGODZILLA_DATA_DIR: dir }, token: await keptSecret(dir, 'admin-token') }
}

describe('a command asks', () => {
  test('what its data folder names, each of two instances its own', async () => {
    const [one, two] = [await dataFolder(), await dataFolder()]
    await leaveAddress(one.dir, { api: 'http://127.0.0.1:8123', windmill: 'http://127.0.0.1:8124' })
    await leaveAddress(two.dir, { api: 'http://[::1]:8125' })
    expect(await findApi(one.env)).toMatchObject({
      url: 'http://127.0.0.1:8123',
      token: one.token,
    })
    expect(await findApi(two.env)).toMatchObject({ url: 'http://[::1]:8125', token: two.token })
    expect((await findWindmill(one.env)).url).toBe('http://127.0.0.1:8124')
    expect((await findWindmill(two.env)).url).toBe('http://127.0.0.1:8000')
  })

  test('first the address it is told, then the port, and at last the usual one', async () => {
    const { dir, env } = await dataFolder()
    expect((await findApi(env)).url).toBe('http://127.0.0.1:8787')
    await leaveAddress(dir, { api: 'http://127.0.0.1:8123' })
    // 0 is any port that was free.
    for (const none of ['', '0']) {
      const target = await findApi({ ...env, DEVGODZILLA_PORT: none, DEVGODZILLA_URL: '' })
      expect(target.url).toBe('http://127.0.0.1:8123')
    }
    const port = { ...env, DEVGODZILLA_PORT: '9000' }
    expect((await findApi(port)).url).toBe('http://127.0.0.1:9000')
    const url = { ...port, DEVGODZILLA_URL: 'http://localhost:9001' }
    expect((await findApi(url)).url).toBe('http://localhost:9001')
  })

  test.each([
    ['http://0.0.0.0:1', 'http://127.0.0.1:1'],
    ['http://[::]:1', 'http://[::1]:1'],
  ])('this machine where %s is listened at', async (api, url) => {
    const { dir, env } = await dataFolder()
    await leaveAddress(dir, { api })
    expect((await findApi(env)).url).toBe(url)
  })

  test('paths behind an address that ends with a slash or has one', async () => {
    const { env } = await dataFolder()
    for (const told of ['http://127.0.0.1:9/', 'http://127.0.0.1:9//']) {
      expect((await findApi({ ...env, DEVGODZILLA_URL: told })).url).toBe('http://127.0.0.1:9')
    }
    const below = { ...env, DEVGODZILLA_URL: 'http://127.0.0.1:9/api/' }
    expect((await findApi(below)).url).toBe('http://127.0.0.1:9/api')
  })

  test.each([
    [{ DEVGODZILLA_URL: '127.0.0.1:9' }, 'DEVGODZILLA_URL must be an http or https address'],
    [{ DEVGODZILLA_URL: 'me:secret@host' }, 'DEVGODZILLA_URL must be an http or https address'],
    [{ DEVGODZILLA_PORT: 'abc' }, 'DEVGODZILLA_PORT is "abc": give the number of a port'],
    [{ DEVGODZILLA_PORT: '70000' }, 'DEVGODZILLA_PORT is "70000": give the number of a port'],
  ])('nothing where a setting names no place: %j', async (told, wrong) => {
    const { env } = await dataFolder()
    await expect(findApi({ ...env, ...told })).rejects.toThrow(wrong)
  })

  test('nothing where none was ever started, and says how to', async () => {
    const { dir, env } = await dataFolder()
    await rm(join(dir, 'secrets'), { recursive: true })
    await expect(findApi(env)).rejects.toThrow(
      `No DevGodzilla was ever started on the data folder ${dir}. Run "devgodzilla start"`,
    )
  })

  test('and where nothing is there, says who named it and what names another', async () => {
    const { dir, env } = await dataFolder()
    const asked = async (env: Record<string, string>) =>
      call(await apiTarget(env), { method: 'GET', path: '/' })
    await leaveAddress(dir, { api: 'http://127.0.0.1:1' })
    await expect(asked(env)).rejects.toThrow(
      `Nothing answers at http://127.0.0.1:1 (${addressFile(dir)}). Is it running? "devgodzilla start" starts it. If it is elsewhere, set DEVGODZILLA_PORT or DEVGODZILLA_URL.`,
    )
    await expect(asked({ ...env, DEVGODZILLA_PORT: '2' })).rejects.toThrow('2 (DEVGODZILLA_PORT)')
  })

  test.each(['', '{"api":', 'null', '{}', '{"api":"somewhere"}', '{"api":7}'])(
    'the usual port where what was left is %j',
    async (text) => {
      const { dir, env } = await dataFolder()
      await writeFile(addressFile(dir), text)
      const { url, named } = await findApi(env)
      expect(url).toBe('http://127.0.0.1:8787')
      expect(named.by).toContain(`no ${addressFile(dir)} to read`)
    },
  )
})

test('the address is its owner’s alone, and goes with whoever left it, not with another', async () => {
  const { dir } = await dataFolder()
  const first = await leaveAddress(dir, { api: 'http://127.0.0.1:1' })
  expect((await stat(addressFile(dir))).mode & 0o777).toBe(0o600)
  const second = await leaveAddress(dir, { api: 'http://127.0.0.1:2' })
  await first()
  expect((await stat(addressFile(dir))).isFile()).toBe(true)
  await second()
  await expect(stat(addressFile(dir))).rejects.toThrow('ENOENT')
  await second()
})

describe('a token is sent to the instance of the data folder alone:', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'devgodzilla-target-'))
  afterAll(() => rm(folder, { recursive: true }))
  const api = await testApi({ instanceKey: await keptSecret(folder, 'instance-key') })
  await keptSecret(folder, 'admin-token')
  const env = { DEVGODZILLA_DATA_DIR: folder }

  /** Somebody who took a port that was free, and hears what is sent there. */
  async function squatter(
    answer: (incoming: IncomingMessage) => Promise<string> | string,
    { host = '127.0.0.1', at = 0 } = {},
  ) {
    const heard: IncomingMessage[] = []
    const server = createServer(async (incoming, outgoing) => {
      heard.push(incoming)
      outgoing.end(await answer(incoming))
    })
    server.listen(at, host)
    await once(server, 'listening')
    const close = () => {
      server.closeAllConnections()
      server.close()
    }
    onTestFinished(close)
    const { port } = server.address() as AddressInfo
    return { url: `http://${host}:${port}`, heard, close }
  }

  test('it shows that it has the key, once for many calls', async () => {
    await leaveAddress(folder, { api: api.url, windmill: api.url })
    expect(await apiTarget(env)).toMatchObject({ url: api.url })
    expect(await windmillTarget(env)).toMatchObject({ url: api.url })
    const asked = await fetch(`${api.url}/health?challenge=short`)
    expect(await asked.json()).toEqual({ status: 'ok' })
  })

  test.each([
    ['knows nothing', () => '{"status":"fine"}'],
    ['answers what is no JSON', () => 'hello'],
    [
      'passes the challenge on to the instance',
      async ({ url }: IncomingMessage) => (await fetch(api.url + url)).text(),
    ],
    ['has a proof of its own', () => `{"status":"ok","proof":"${'0'.repeat(64)}"}`],
  ])('not to whoever %s', async (_, answer) => {
    const { url, heard } = await squatter(answer)
    await leaveAddress(folder, { api: url, windmill: url })
    for (const target of [apiTarget, windmillTarget]) {
      for (const token of [{}, { DEVGODZILLA_TOKEN: 'mine' }]) {
        await expect(target({ ...env, ...token })).rejects.toThrow(
          `not the DevGodzilla of ${folder}, so no token was sent`,
        )
      }
    }
    expect(heard.map((it) => it.headers.authorization)).toEqual([...Array(4)])
    // Whoever is told a place by its owner is believed.
    const told = { DEVGODZILLA_URL: url, DEVGODZILLA_TOKEN: 'mine' }
    expect(await apiTarget({ ...env, ...told })).toMatchObject({ url })
  })

  test.each(['{"status":"ok"}', 'Not found: GET /health is not part of the local engine'])(
    'nor to one that answers as those of before it could be shown: %s',
    async (answer) => {
      const { url, heard } = await squatter(() => answer)
      await leaveAddress(folder, { api: url, windmill: url })
      const { dir, env: unasked } = await dataFolder()
      await leaveAddress(dir, { api: url, windmill: url })
      for (const target of [apiTarget, windmillTarget]) {
        for (const each of [env, unasked]) {
          await expect(target(each)).rejects.toThrow(
            /so no token was sent to it\. It answers as an older version does: .* stop it and run "devgodzilla start" again/,
          )
        }
      }
      expect(heard.map((it) => it.headers.authorization)).toEqual([...Array(4)])
    },
  )

  // macOS gives the nearer address of a port to another than who listens at all of them.
  test.runIf(process.platform === 'linux')(
    'not to whoever passes the challenge on from the same port of another address',
    async () => {
      const passOn = async ({ url }: IncomingMessage) => (await fetch(api.url + url)).text()
      const place = { host: '127.0.0.2', at: Number(new URL(api.url).port) }
      const { url } = await squatter(passOn, place)
      await leaveAddress(folder, { api: url })
      await expect(apiTarget(env)).rejects.toThrow('no token was sent')
    },
  )

  test('not to whoever answers where a setting says, if the token is that of the folder', async () => {
    const { url, heard } = await squatter(() => '{}')
    for (const told of [{ DEVGODZILLA_URL: url }, { DEVGODZILLA_PORT: new URL(url).port }]) {
      await expect(apiTarget({ ...env, ...told })).rejects.toThrow('no token was sent')
    }
    const proxy = { DEVGODZILLA_URL: 'https://localhost:1' }
    await expect(apiTarget({ ...env, ...proxy })).rejects.toThrow('set DEVGODZILLA_PORT or')
    expect(heard.map((it) => it.headers.authorization)).toEqual([undefined, undefined])
    const { port } = new URL(api.url)
    expect(await apiTarget({ ...env, DEVGODZILLA_PORT: port })).toMatchObject({ url: api.url })
  })

  test('not to whoever takes the place of one that had shown it', async () => {
    const key = await keptSecret(folder, 'instance-key')
    const proofs: string[] = []
    let honest = true
    const { url, heard, close } = await squatter(({ url: path, socket }) => {
      const challenge = path?.split('=')[1] ?? ''
      const proof = instanceProof(
        key,
        { address: socket.localAddress, port: socket.localPort },
        challenge,
      )
      proofs.push(proof)
      return JSON.stringify({ proof: honest ? proof : proofs[0] })
    })
    await leaveAddress(folder, { api: url })
    await apiTarget(env)
    await apiTarget(env)
    expect(heard).toHaveLength(1)
    honest = false
    const ended = once(heard[0]?.socket ?? expect.fail(), 'close')
    heard[0]?.socket.destroy()
    await ended
    // This side hears of it a moment later.
    await expect.poll(() => apiTarget(env).catch(String)).toContain('no token was sent')
    close()
  })

  test('nor to anybody where the folder has no key', async () => {
    const { dir, env } = await dataFolder()
    await leaveAddress(dir, { api: api.url })
    await expect(apiTarget(env)).rejects.toThrow('no token was sent')
  })
})
