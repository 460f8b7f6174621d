import { type Kind, readItems } from './items.ts'
import { findItem } from './plan.ts'
import { type Method, type Server, serverOf } from './server.ts'
import { deploySettings } from './settings.ts'
import { signIn } from './sign-in.ts'

/** How each kind goes. A folder stays, since what others have put into it hangs on its rights. */
const ways: Partial<Record<Kind, (path: string) => [Method, string]>> = {
  'http trigger': (path) => ['DELETE', `w/http_triggers/delete/${path}`],
  schedule: (path) => ['DELETE', `w/schedules/delete/${path}`],
  flow: (path) => ['DELETE', `w/flows/delete/${path}`],
  script: (path) => ['POST', `w/scripts/archive/p/${path}`],
  resource: (path) => ['DELETE', `w/resources/delete/${path}`],
  variable: (path) => ['DELETE', `w/variables/delete/${path}`],
  'resource type': (path) => ['DELETE', `w/resources/type/delete/${path}`],
}

export interface Removed {
  server: string
  workspace: string
  dry_run: boolean
  items: { kind: Kind; path: string }[]
}

/**
 * Takes from a workspace what the files below `root` have put there, secrets included, and nothing
 * else; what starts a flow goes first. Run again after a failure, it goes on.
 * @throws DeployError
 */
export async function remove(
  root: string,
  env: NodeJS.ProcessEnv,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Removed> {
  const settings = deploySettings(env, [])
  const server: Server = serverOf(settings)
  await signIn(server, settings)
  const removed: Removed = {
    server: settings.baseUrl,
    workspace: settings.workspace,
    dry_run: dryRun,
    items: [],
  }
  const items = await readItems(root)
  for (const [kind, way] of Object.entries(ways) as [Kind, (path: string) => [Method, string]][]) {
    for (const item of items.filter((it) => it.kind === kind)) {
      if ((await findItem(server, item)) === undefined) continue
      if (!dryRun) await server.send(...way(item.path))
      removed.items.push({ kind, path: item.path })
    }
  }
  return removed
}
