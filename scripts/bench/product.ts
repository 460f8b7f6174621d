import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { call } from '../connect/client.ts'
import type { World } from './world.ts'

/** The root of the repository: main runs the measurements there. */
export const root = process.cwd()

export interface Product {
  url: string
  token: string
  /** Calls the API as an administrator. @throws where it refuses */
  call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>
}

const token = 'the-admin-token-of-the-bench'

/** The whole product in a process of its own, on the shared database, for measuring over HTTP. */
export async function withProduct<T>(
  world: World,
  work: (product: Product) => Promise<T>,
): Promise<T> {
  const dataDir = await world.folder('product')
  const child = spawn(
    process.execPath,
    [join(root, 'dist/devgodzilla.js'), 'start', '--json', '--port=0', '--windmill-port=0'],
    {
      env: {
        ...process.env,
        DATABASE_URL: world.databaseUrl,
        DEVGODZILLA_DATA_DIR: dataDir,
        DEVGODZILLA_ADMIN_TOKEN: token,
        // Counted, as for everybody, and never reached.
        DEVGODZILLA_RATE_LIMIT: '1000000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      signal: world.signal,
      killSignal: 'SIGINT',
    },
  )
  // Aborted: whatever waits for it fails with that.
  child.on('error', () => {})
  try {
    const { url } = await readiness(child)
    return await work({
      url,
      token,
      call: (method, path, body, headers = {}) =>
        call({ url, token }, { method, path, body, headers }) as Promise<never>,
    })
  } finally {
    child.kill('SIGINT')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function readiness(child: ChildProcess): Promise<{ url: string }> {
  if (!child.stdout) throw new Error('the product has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line) as { url: string }
  }
  throw new Error('the product ended before it was ready; it says why above')
}
