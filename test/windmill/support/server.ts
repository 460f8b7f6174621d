import { OpenAPI, SettingsService } from 'windmill-client'
import { type Address, addressFrom } from './address.ts'
import { createFiles, createValues, type Refused, removeAbandoned, removeFolder } from './deploy.ts'
import { removedOnInterruption } from './interruption.ts'
import { startLocalEngine } from './local-engine.ts'
import type { Workspace } from './workspace.ts'

/** With the suite's folder on it. */
export type Server = Address & {
  /** As it names itself: `CE v1.463.2`, or `local-windmill 1`. */
  version: string
  refused: Refused
  /** Takes away what the suite brought and what its jobs left. */
  close(): Promise<void>
}

/** Brings the items to the server that the environment names, else to a local engine. */
export async function openServer(
  items: Workspace,
  address: Address | undefined = addressFrom(process.env),
): Promise<Server> {
  const engine = address ? undefined : await startLocalEngine(items)
  const host: Address = address ?? (engine as Address)
  const forget = address && removedOnInterruption(address, items.folder)
  const close = async () => {
    try {
      if (address) await removeFolder(host.workspace, items.folder)
    } finally {
      forget?.()
      await engine?.close()
    }
  }
  // windmill-client knows one server at a time; a test file speaks to one alone.
  Object.assign(OpenAPI, { BASE: `${host.url}/api`, TOKEN: host.token })
  try {
    const version = await SettingsService.backendVersion()
    if (address) await removeAbandoned(host.workspace)
    const refused: Refused = address ? await createFiles(host.workspace, items) : new Map()
    await createValues(host.workspace, items)
    return { ...host, version, refused, close }
  } catch (error) {
    await close().catch((left) => {
      throw new AggregateError([error, left], `${(error as Error).message}\n${left.message}`)
    })
    throw error
  }
}
