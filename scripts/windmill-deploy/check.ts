import { setTimeout as sleep } from 'node:timers/promises'
import { DeployError } from './deploy-error.ts'
import type { Server } from './server.ts'

/** Where the resource of the API is; `$res:` has Windmill put its value there, secrets included. */
const resource = 'f/devgodzilla/api'

/** Runs on a worker. It answers statuses alone, so that the job's result holds no secret. */
const script = `
export async function main(api: { base_url: string; token: string }) {
  const ask = async (path: string) => {
    try {
      const response = await fetch(api.base_url.replace(/\\/+$/, '') + path, {
        headers: { authorization: 'Bearer ' + api.token },
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      return response.status
    } catch (error) {
      const { message, cause } = error as Error
      return cause instanceof Error && cause.message ? cause.message : message
    }
  }
  return { base_url: api.base_url, ready: await ask('/ready'), signedIn: await ask('/projects?limit=1') }
}
`

interface Found {
  base_url: string
  /** A status, or why there is none. */
  ready: number | string
  signedIn: number | string
}

interface Patience {
  /** How long a worker may take, and how often to ask; both in milliseconds. */
  timeout: number
  every: number
}

/**
 * Has a worker call the API as the flows will.
 * @returns what it found good @throws DeployError with what to mend
 */
export async function checkReach(
  server: Server,
  { timeout, every }: Patience = { timeout: 90_000, every: 500 },
): Promise<string> {
  const body = { content: script, language: 'bun', args: { api: `$res:${resource}` } }
  const id = (await server.send('POST', 'w/jobs/run/preview', body)).trim()
  const until = Date.now() + timeout
  for (;;) {
    const path = `w/jobs_u/completed/get_result_maybe/${id}`
    const job = (await server.find(path)) as Partial<Job> | undefined
    if (job?.completed) return verdict(job)
    if (Date.now() > until) {
      // It may have ended this very moment, which is as good.
      await server.ask('POST', `w/jobs_u/queue/cancel/${id}`, { reason: 'no worker took it' })
      throw new DeployError(
        `No worker finished the check in ${timeout / 1000} s: start a worker that takes jobs with the ` +
          'tag bun.',
      )
    }
    await sleep(every)
  }
}

interface Job {
  completed: boolean
  success: boolean
  result: Found & { error?: { message?: string } }
}

function verdict({ success, result }: Partial<Job>): string {
  if (!success || !result) {
    throw new DeployError(
      `The check failed on the worker: ${result?.error?.message ?? 'no reason'}.`,
    )
  }
  const { base_url, ready, signedIn } = result
  if (typeof ready === 'string') {
    throw new DeployError(
      `A worker does not reach ${base_url} (${ready}): have the API listen where workers reach it ` +
        '(DEVGODZILLA_HOST), and set DEVGODZILLA_URL to that address and deploy again.',
    )
  }
  if (ready !== 200) {
    throw new DeployError(
      `A worker called ${base_url}/ready and got ${ready}: see the log of the API, and that ` +
        'DEVGODZILLA_URL is its address.',
    )
  }
  if (signedIn !== 200) {
    throw new DeployError(
      `A worker reaches ${base_url}, but its token is not good (${signedIn}): set ` +
        'DEVGODZILLA_API_TOKEN to a new one of the role member and deploy again.',
    )
  }
  return `A worker reaches ${base_url}, and its token is good.`
}
