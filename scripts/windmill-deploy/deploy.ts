import { bootstrap, isBootstrapped } from './bootstrap.ts'
import { checkReach } from './check.ts'
import { DeployError } from './deploy-error.ts'
import { type Item, type Kind, readItems } from './items.ts'
import { type Action, planOf } from './plan.ts'
import { serverOf } from './server.ts'
import { deploySettings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { stageOf } from './stage.ts'
import { isOlder } from './version.ts'
import { push } from './wmill.ts'

export interface DeployOptions {
  /** Says what would be done, and does nothing. */
  dryRun?: boolean
  /** Has a worker call the API afterwards. */
  check?: boolean
}

export interface Deployed {
  server: string
  workspace: string
  /** Of the server, such as `CE v1.600.0`. */
  version: string
  dry_run: boolean
  items: { kind: Kind; path: string; action: Action; note?: string }[]
  /** What the server is too old for, and since when it is not. */
  left_out: string[]
  /** What the check found good. */
  check?: string
}

/** The first servers whose HTTP triggers can be off, as one without a secret must be. */
const withTriggers = [1, 577] as const

/**
 * Brings a Windmill workspace to what is below `root`. What differs is set, what is the same is
 * left alone, and what is only there stays. Everything is read and compared before anything is
 * written, so that a refusal changes nothing.
 * @throws DeployError
 */
export async function deploy(
  root: string,
  env: NodeJS.ProcessEnv,
  { dryRun = false, check = false }: DeployOptions = {},
): Promise<Deployed> {
  const items = await readItems(root)
  const variables = items.filter(({ kind }) => kind === 'variable')
  const names = variables.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  const settings = deploySettings(env, names)
  const server = serverOf(settings)
  const version = await signIn(server, settings)
  const leftOut = (it: Item) => it.kind === 'http trigger' && isOlder(version, withTriggers)
  const steps = await planOf(
    server,
    items.filter((it) => !leftOut(it)),
    settings,
  )
  const deployed: Deployed = {
    server: settings.baseUrl,
    workspace: settings.workspace,
    version,
    dry_run: dryRun,
    items: steps.map(({ item: { kind, path }, action, note }) => ({
      ...{ kind, path, action },
      ...(note ? { note } : {}),
    })),
    left_out: items
      .filter(leftOut)
      .map(({ kind, path }) => `${kind} ${path} needs Windmill ${withTriggers.join('.')} or newer`),
  }
  if (dryRun) return deployed
  await bootstrap(server, steps)
  const pushed = steps.filter((step) => !isBootstrapped(step) && step.action !== 'keep')
  if (pushed.length > 0) {
    // Its metadata tells wmill that the folder is known; it is not pushed itself.
    const folders = steps.filter(({ item }) => item.kind === 'folder')
    await using stage = await stageOf(root, [...folders, ...pushed])
    await push(stage, settings)
    const left = await planOf(
      server,
      pushed.map(({ item }) => item),
      settings,
    )
    const missing = left.filter(({ action }) => action !== 'keep').map(({ item }) => item.path)
    if (missing.length > 0) {
      throw new DeployError(
        `Windmill took the push, yet does not have what was pushed: ${missing.join(', ')}. Look at ` +
          'these in Windmill, for somebody may be editing them, and run this again.',
      )
    }
  }
  if (!check) return deployed
  const found = await checkReach(server).catch((error: unknown) => {
    if (!(error instanceof DeployError)) throw error
    throw new DeployError(`Everything is deployed, yet flows cannot run: ${error.message}`)
  })
  return { ...deployed, check: found }
}
