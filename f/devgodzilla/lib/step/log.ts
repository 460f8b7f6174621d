import * as z from 'zod'
import type { AgentLine } from '../agent/types.ts'
import type { Api } from '../api.ts'
import { message } from '../files.ts'

const Appended = z.looseObject({ appended: z.number() })
/** Of the longest lines, in any script, the API takes so many at a time. */
const atOnce = 500

export interface StepLog {
  add(line: AgentLine): void
  /** Sends what is left. */
  close(): Promise<void>
}

/**
 * The log of one attempt of a step, sent about once a second. A line that cannot be sent stays in
 * the log of the job alone: no work is lost over it.
 * @param first number of the next line, where the attempt has some already
 */
export function stepLog(api: Api, stepId: number, every = 1000, first = 0): StepLog {
  const waiting: (AgentLine & { seq: number })[] = []
  let seq = first
  let sending = Promise.resolve()
  const send = () => {
    const lines = waiting.splice(0, atOnce)
    if (lines.length === 0) return
    sending = sending.then(async () => {
      await api.ask(`/steps/${stepId}/logs`, { lines }, Appended).catch((error: unknown) => {
        console.warn(
          `${lines.length} lines are missing from the log of the step: ${message(error)}`,
        )
      })
    })
  }
  const timer = setInterval(send, every).unref()
  return {
    add({ stream, line }) {
      console.log(stream === 'stdout' ? line : `[${stream}] ${line}`)
      waiting.push({ seq: seq++, stream, line })
    },
    async close() {
      clearInterval(timer)
      while (waiting.length > 0) send()
      await sending
    },
  }
}
