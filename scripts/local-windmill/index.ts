import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import postgres from 'postgres'
import { Engine } from './engine.ts'
import { Evaluator } from './expressions/evaluator.ts'
import type { Machinery } from './flow/job-run.ts'
import { newApp } from './http/app.ts'
import { type Listening, listen } from './http/listen.ts'
import type { Authenticate } from './http/principal.ts'
import { startJob } from './http/start-job.ts'
import { JobTokens } from './job-tokens.ts'
import type { Json } from './json.ts'
import { ResumeSigner } from './resume-signer.ts'
import { Bundler } from './runner/bundler.ts'
import { Limiter } from './runner/limiter.ts'
import { scriptEnvironment } from './runner/script-environment.ts'
import { WorkerPool } from './runner/worker-pool.ts'
import { createCipher } from './store/cipher.ts'
import { HttpTriggers } from './triggers/http-triggers.ts'
import { Scheduler, scheduleUser } from './triggers/scheduler.ts'
import { WorkspaceValues } from './workspace/values.ts'
import { WorkspaceFiles } from './workspace/workspace-files.ts'

export type LocalWindmillOptions = {
  /** A migrated database. Several engines may share it. */
  databaseUrl: string
  /** The folder that holds `f/`. */
  root: string
  authenticate: Authenticate
  host: string
  /** 0 takes a free one. */
  port: number
  workspace?: string
  /** Secret variables are encrypted under it; with another key they cannot be read. */
  secretKey: Buffer
  log: Logger
  /**
   * Where builds of scripts are kept for the next start; several engines may share it. Without one
   * they go into a temporary folder, and with the engine.
   */
  buildsDir?: string
  /** By which it proves that it is the engine of its data folder. */
  instanceKey?: string
  /** Sets what jobs rely on before the first one is taken up, such as those a crash left behind. */
  prepare?: (engine: Pick<LocalWindmill, 'url' | 'setVariable' | 'setResource'>) => Promise<void>
  limits?: Partial<Limits>
}

export type Limits = {
  /** Scripts running at once; jobs started by running scripts come on top. */
  scripts: number
  /** Workers that stand ready. */
  readyWorkers: number
  /** For scripts that set none themselves. */
  timeoutSeconds: number
  memoryMb: number
  bodyBytes: number
  resultBytes: number
  /** How long running steps may go on when the engine closes. */
  drainMs: number
}

const LIMITS: Limits = {
  scripts: 16,
  readyWorkers: 4,
  timeoutSeconds: 3600,
  memoryMb: 512,
  bodyBytes: 16 * 1024 * 1024,
  resultBytes: 32 * 1024 * 1024,
  drainMs: 2000,
}

export type LocalWindmill = {
  /** Where it listens, without `/api`: what `BASE_URL` and `WINDMILL_BASE_URL` expect. */
  url: string
  /** Stops; running jobs go on in another engine, or in the next one. */
  close(): Promise<void>
  setVariable(path: string, value: string, options?: ValueOptions): Promise<void>
  setResource(path: string, value: Json, resourceType: string): Promise<void>
}

export type ValueOptions = { secret?: boolean; description?: string }

/** Starts an engine that runs the workspace's flows and scripts and speaks Windmill's HTTP. */
export async function createLocalWindmill(options: LocalWindmillOptions): Promise<LocalWindmill> {
  const { databaseUrl, log, workspace = 'devgodzilla' } = options
  const limits = { ...LIMITS, ...options.limits }
  const root = resolve(options.root)
  const cipher = createCipher(options.secretKey)
  const sql = postgres(databaseUrl, {
    max: 10,
    onnotice: () => undefined,
    connection: { application_name: 'local-windmill' },
  })
  const files = new WorkspaceFiles(root)
  const values = new WorkspaceValues(sql, workspace, files, cipher)
  const buildsDir = options.buildsDir ?? (await mkdtemp(join(tmpdir(), 'devgodzilla-builds-')))
  const bundler = new Bundler(root, buildsDir)
  const stopping = new AbortController()
  const pool = new WorkerPool({
    size: limits.readyWorkers,
    memoryMb: limits.memoryMb,
    env: scriptEnvironment(process.env),
  })
  const machinery: Machinery = {
    sql,
    log,
    files,
    values,
    bundler,
    pool,
    evaluator: new Evaluator(),
    limiter: new Limiter(limits.scripts),
    tokens: new JobTokens(),
    signer: new ResumeSigner(options.secretKey),
    workspace,
    baseUrl: '',
    defaultTimeoutSeconds: limits.timeoutSeconds,
    maxResultBytes: limits.resultBytes,
    stopping: stopping.signal,
  }
  const engine = new Engine(machinery, databaseUrl, stopping)
  const scheduler = new Scheduler({
    sql,
    workspace,
    files,
    log,
    startRun: (schedule, due) =>
      startJob(
        { machinery, engine },
        // What it passes stands in a file of the workspace, so it may name any resource.
        { name: scheduleUser(schedule.path), role: 'admin' },
        {
          kind: schedule.is_flow ? 'flow' : 'script',
          path: schedule.script_path,
          args: schedule.args,
          trigger: { kind: 'schedule', path: schedule.path, due },
        },
      ),
  })
  const release = async () => {
    await Promise.all([pool.close(), machinery.evaluator.close()])
    await sql.end({ timeout: 2 })
    if (options.buildsDir === undefined) await rm(buildsDir, { recursive: true, force: true })
  }
  const httpTriggers = new HttpTriggers(files, log)
  const app = newApp(
    {
      machinery,
      engine,
      scheduler,
      httpTriggers,
      maxBodyBytes: limits.bodyBytes,
      instanceKey: options.instanceKey,
    },
    options.authenticate,
  )
  let server: Listening | undefined
  const close = async (drainMs: number) => {
    await scheduler.close()
    await engine.close(drainMs)
    await server?.close()
    await release()
  }
  try {
    server = await listen(app.fetch, options.host, options.port)
    machinery.baseUrl = server.url
    const setters: Pick<LocalWindmill, 'setVariable' | 'setResource'> = {
      setVariable: (path, value, { secret = false, description = '' } = {}) =>
        values.saveVariable(path, { value, is_secret: secret, description }, 'system'),
      setResource: (path, value, resource_type) =>
        values.saveResource(path, { value, resource_type, description: '' }, 'system'),
    }
    await options.prepare?.({ url: server.url, ...setters })
    await engine.start()
    await scheduler.start()
    await httpTriggers.list()
    return {
      url: server.url,
      ...setters,
      close: () => close(limits.drainMs),
    }
  } catch (error) {
    await close(0)
    throw error
  }
}
