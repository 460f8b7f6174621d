import { z } from 'zod'
import type { AgentLine, AgentSpent } from './agent_types.ts'
import { StepRun } from './answers.ts'
import type { Api } from './api.ts'
import { itemsOf } from './pages.ts'

const LogLine = z.looseObject({ seq: z.number() })
const Appended = z.looseObject({ appended: z.number() })
const Artifact = z.looseObject({ id: z.number(), name: z.string() })

/** How often lines are sent, in milliseconds, and how many at a time. */
const pause = 1000
const most = 500

/** Tells the API how a step goes while it is worked on. */
export interface StepReport {
  hear(line: AgentLine): void
  artifact(artifact: {
    name: string
    media_type?: string
    uri?: string
    content?: string
  }): Promise<void>
  /** Sends what is left. @throws where lines could not be sent */
  close(): Promise<void>
}

/**
 * None of this carries an idempotency key, since a second attempt says the same of another attempt
 * of the step: actions, lines and artifacts are each idempotent by themselves.
 * @param resumed the step was running before: its log goes on where it ended
 */
export async function stepReport(api: Api, step: StepRun, resumed: boolean): Promise<StepReport> {
  const path = `/steps/${step.id}`
  let seq = resumed ? await nextSeq(api, step) : 0
  let waiting: (AgentLine & { seq: number })[] = []
  let timer: NodeJS.Timeout | undefined
  let failure: unknown
  let sending = Promise.resolve()

  function send(): Promise<void> {
    timer = undefined
    sending = sending.then(async () => {
      while (waiting.length > 0 && failure === undefined) {
        const lines = waiting.slice(0, most)
        waiting = waiting.slice(most)
        await api.ask(`${path}/logs`, { lines }, Appended).catch((error: unknown) => {
          failure = error
        })
      }
    })
    return sending
  }

  return {
    hear(line) {
      waiting.push({ ...line, seq: seq++ })
      timer ??= setTimeout(send, pause)
    },
    async artifact(artifact) {
      await api.ask(`${path}/artifacts`, artifact, Artifact)
    },
    async close() {
      clearTimeout(timer)
      await send()
      if (failure !== undefined) throw failure
    },
  }
}

async function nextSeq(api: Api, step: StepRun): Promise<number> {
  let next = 0
  for await (const line of itemsOf(api, `/steps/${step.id}/logs`, LogLine, {
    attempt: step.attempt,
  })) {
    next = Math.max(next, line.seq + 1)
  }
  return next
}

/** What an attempt spent, as the API keeps it. */
export const spentBody = ({ usage, cost_usd }: Pick<AgentSpent, 'usage' | 'cost_usd'>) => ({
  ...(usage ? { usage } : {}),
  ...(cost_usd === null ? {} : { cost_usd: Math.round(cost_usd * 1e6) / 1e6 }),
})

/** Begins a step, or goes on with it: one that ended without success is queued again first. */
export async function beginStep(
  api: Api,
  step: StepRun,
  agent: string,
): Promise<{ step: StepRun; resumed: boolean }> {
  const act = (action: string, body: object) =>
    api.ask(`/steps/${step.id}/actions/${action}`, body, StepRun)
  if (['failed', 'timeout', 'blocked'].includes(step.status)) await act('retry', {})
  return { step: await act('start', { agent }), resumed: step.status === 'running' }
}
