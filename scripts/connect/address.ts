import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where an instance answers. */
export interface Address {
  api: string
  /** The engine of its own; where flows run on a server, whoever asks that one names it. */
  windmill?: string | undefined
}

/** In the data folder: what finds its token there finds there where to send it. */
export const addressFile = (dataDir: string) => join(dataDir, 'address.json')

/** Who listens at every address of this machine is asked at the one that leads nowhere else. */
const everywhere = /(?<=\/\/)(0\.0\.0\.0|\[::\])(?=:)/g
const nearest = (host: string) => (host === '[::]' ? '[::1]' : '127.0.0.1')

/**
 * Leaves the address for commands that are told no other. After a kill -9 it stays, until the next
 * start writes its own. Answers what removes it at a clean end, unless another has written by then.
 */
export async function leaveAddress(
  dataDir: string,
  address: Address,
): Promise<() => Promise<void>> {
  const file = addressFile(dataDir)
  const text = `${JSON.stringify(address).replaceAll(everywhere, nearest)}\n`
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return async () => {
    const now = await readFile(file, 'utf8').catch(() => undefined)
    if (now === text) await rm(file, { force: true })
  }
}

/** What the last instance on that folder left; null where nothing can be read. */
export async function leftAddress(dataDir: string): Promise<Address | null> {
  try {
    const { api, windmill } = JSON.parse(await readFile(addressFile(dataDir), 'utf8')) as Address
    if (![api, windmill ?? api].every((it) => URL.canParse(it))) return null
    return { api, windmill }
  } catch {
    // None runs, or it is somebody else's folder: the usual port is asked then, and that is said.
    return null
  }
}
