import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Random } from './random.ts'

// What the API answers is read as JSON of any shape; the stories check what they need of it.
export type Json = ReturnType<typeof JSON.parse>

/** Where the product is now: ports change with some restarts. */
export interface Whereabouts {
  url: string
  windmill: string
  token: string
}

export interface Client {
  /** A change, under a key of its own: sent again until it is acknowledged. */
  change(method: string, path: string, body: object, key: string): Promise<Json>
  read(path: string): Promise<Json>
  /** A read that may find nothing yet: asked again until it satisfies. */
  readUntil(path: string, satisfied: (answer: Json) => boolean): Promise<Json>
  /** Runs a flow under a job id of its own to its end, whoever dies meanwhile. */
  runFlow(name: string, args: object, jobId: string): Promise<Json>
  /** Turns a schedule of the workspace off, so that no story is told by it. */
  turnOff(schedule: string): Promise<Json>
  /** Requests sent, and those among them that had to be sent again. */
  sent: { requests: number; again: number }
}

/** An answer that no kill excuses. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

/** Between two attempts (ms): a client in a hurry, without being a load of its own. */
const pause = 60

/** How often a client hangs up on its own request, and how often it sends an answered one again. */
const [hangsUp, repeats] = [0.1, 0.15]

/**
 * A client as one would write it against a service that may go away at any moment: everything is
 * sent again, with the same key, until there is an answer. It is not a tidy one: now and then it
 * hangs up before the answer is there, or asks for what it has been told already.
 *
 * @param excused whether an answer of 5xx is owed to a database that was killed just now
 * @param deadline when to give up (epoch ms): a request that never succeeds is a finding
 */
export function clientOf(
  where: () => Whereabouts,
  excused: (since: number) => boolean,
  deadline: () => number,
  random: Random,
): Client {
  const sent = { requests: 0, again: 0 }

  async function once(url: string, init: RequestInit): Promise<{ status: number; body: Json }> {
    const patience = random.chance(hangsUp) ? random.between(1, 40) : 60_000
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
    const text = await response.text()
    const json = response.headers.get('Content-Type')?.includes('json')
    return { status: response.status, body: json ? JSON.parse(text) : text }
  }

  async function ask(
    what: string,
    target: () => string,
    init: RequestInit,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Json }> {
    for (let attempt = 0; ; attempt++) {
      sent.requests += 1
      if (attempt > 0) sent.again += 1
      const began = Date.now()
      const answer = await once(target(), {
        ...init,
        headers: { Authorization: `Bearer ${where().token}`, ...headers },
      }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      if (!(answer instanceof Error)) {
        const passing =
          [429, 503].includes(answer.status) || (answer.status === 500 && excused(began))
        if (!passing) return answer
      }
      if (Date.now() > deadline()) {
        const last = answer instanceof Error ? answer.message : JSON.stringify(answer)
        throw new Unexpected(`${what} was never answered; last: ${last}`)
      }
      await sleep(pause)
    }
  }

  const api = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
    ask(
      `${method} ${path}`,
      () => where().url + path,
      { method, body: body === undefined ? null : JSON.stringify(body) },
      { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    )

  function accepted(what: string, answer: { status: number; body: Json }): Json {
    if (answer.status < 300) return answer.body
    throw new Unexpected(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  }

  /** Asks once, and now and then a second time, which must be answered as the first was. */
  async function twiceAtTimes(
    what: string,
    asking: () => Promise<{ status: number; body: Json }>,
  ): Promise<Json> {
    const answer = await asking()
    const body = accepted(what, answer)
    if (!random.chance(repeats)) return body
    const again = await asking()
    if (isDeepStrictEqual(again, answer)) return body
    throw new Unexpected(
      `${what} was answered ${JSON.stringify(answer)}, and then ${JSON.stringify(again)}`,
    )
  }

  return {
    sent,
    change: (method, path, body, key) =>
      twiceAtTimes(`${method} ${path} (${key})`, () =>
        api(method, path, body, { 'Idempotency-Key': key }),
      ),
    async read(path) {
      return accepted(`GET ${path}`, await api('GET', path))
    },
    async readUntil(path, satisfied) {
      for (;;) {
        const answer = await api('GET', path)
        if (answer.status < 300 && satisfied(answer.body)) return answer.body
        if (answer.status >= 300 && answer.status !== 404) accepted(`GET ${path}`, answer)
        if (Date.now() > deadline()) {
          throw new Unexpected(`GET ${path} never came true; last: ${JSON.stringify(answer)}`)
        }
        await sleep(pause)
      }
    },
    async turnOff(schedule) {
      const path = `/api/w/devgodzilla/schedules/setenabled/${schedule}`
      const body = JSON.stringify({ enabled: false })
      const answer = await ask(schedule, () => where().windmill + path, { method: 'POST', body })
      return accepted(schedule, answer)
    },
    runFlow(name, args, jobId) {
      const path = `/api/w/devgodzilla/jobs/run_wait_result/f/f/devgodzilla/${name}?job_id=${jobId}`
      return twiceAtTimes(`${name} ${JSON.stringify(args)} (job ${jobId})`, () =>
        ask(
          name,
          () => where().windmill + path,
          { method: 'POST', body: JSON.stringify(args) },
          { 'Content-Type': 'application/json' },
        ),
      )
    },
  }
}
