import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { watchExecutions } from '../../../api/handlers/watch-executions.ts'
import { startApi } from '../../../api/main.ts'
import { windmillFlows } from '../../../api/services/windmill.ts'
import { connect } from '../../../api/store/database.ts'
import type { AgentConfig } from '../../../f/devgodzilla/lib/agent/types.ts'
import { createLocalWindmill } from '../../../scripts/local-windmill/index.ts'
import { webhookSecret } from '../../support/api.ts'
import { buildsDir } from '../../support/builds.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const host = '127.0.0.1'

interface Ended {
  completed: boolean
  success?: boolean
  result: unknown
}

/** The API and the local engine on one database, spoken to over HTTP alone. */
export async function startInstallation(databaseUrl: string) {
  const log = pino({ level: 'silent' })
  const adminToken = `dgz_${randomBytes(24).toString('base64url')}`
  const flowToken = `dgz_${randomBytes(24).toString('base64url')}`
  let windmillUrl = ''
  const api = await startApi({
    ...{ databaseUrl, host, port: 0, adminToken, sprintIntegration: true, consoleDir: null, log },
    webhookSecret,
    windmill: () => ({ baseUrl: windmillUrl, token: flowToken, workspace: 'devgodzilla' }),
  })
  await api.ensureServiceToken('flows', flowToken)
  const engine = await createLocalWindmill({
    ...{ databaseUrl, root, host, port: 0, secretKey: randomBytes(32), log, buildsDir },
    authenticate: api.authenticate,
  })
  windmillUrl = engine.url
  await engine.setVariable('f/devgodzilla/api_token', flowToken, { secret: true })
  await engine.setResource(
    'f/devgodzilla/api',
    { base_url: api.url, token: '$var:f/devgodzilla/api_token' },
    'c_devgodzilla_api',
  )

  async function send(url: string, method: string, body?: object) {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, result: (await response.json()) as unknown }
  }

  async function schedule(name: string, enabled: boolean): Promise<void> {
    const path = `/api/w/devgodzilla/schedules/setenabled/f/devgodzilla/${name}`
    const { ok, status } = await fetch(engine.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}` },
      body: JSON.stringify({ enabled }),
    })
    if (!ok) throw new Error(`schedule ${name}: ${status}`)
  }
  await schedule('reconcile_specs', false)

  return {
    url: api.url,
    windmillUrl: engine.url,
    adminToken,
    flowToken,
    setResource: engine.setResource,
    /** Cancels a job, as somebody who looks at Windmill does. */
    async cancelJob(jobId: string) {
      const response = await fetch(`${engine.url}/api/w/devgodzilla/jobs_u/queue/cancel/${jobId}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}` },
      })
      if (!response.ok) throw new Error(await response.text())
    },
    /** One look at the jobs of executed runs, which the API takes now and again. */
    async watchExecutions() {
      const db = connect(databaseUrl)
      try {
        const windmill = { baseUrl: engine.url, token: flowToken, workspace: 'devgodzilla' }
        const flows = windmillFlows(() => windmill)
        await watchExecutions({ db, log, flows, sprintIntegration: true })
      } finally {
        await db.end()
      }
    },
    /** An answer of the API, which must be a success. */
    async ask<T>(method: string, path: string, body?: object): Promise<T> {
      const { status, result } = await send(`${api.url}${path}`, method, body)
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(result)}`)
      return result as T
    },
    /** Who works on specs and steps from now on. */
    setAgent: (agent: AgentConfig) =>
      engine.setResource('f/devgodzilla/agent', agent, 'c_devgodzilla_agent'),
    /** Runs a flow to its end, as a webhook does. */
    runFlow(name: string, args: object) {
      const path = `/api/w/devgodzilla/jobs/run_wait_result/f/f/devgodzilla/${name}`
      return send(`${engine.url}${path}`, 'POST', args)
    },
    /**
     * Turns a schedule on or off. They are off to begin with: a test that runs as the clock strikes
     * would see its repositories imported behind its back.
     */
    schedule,
    /** How a job ended that something else has started: waited for as long as the test may take. */
    async ended(jobId: string) {
      const path = `/api/w/devgodzilla/jobs_u/completed/get_result_maybe/${jobId}`
      for (;;) {
        const response = await fetch(`${engine.url}${path}`, {
          headers: { authorization: `Bearer ${adminToken}` },
        })
        // Until it is started, there is no such job.
        const job = response.ok ? ((await response.json()) as Ended) : await response.text()
        if (typeof job === 'object' && job.completed) return job
        await sleep(20)
      }
    },
    async close() {
      await engine.close()
      await api.close()
    },
  }
}
