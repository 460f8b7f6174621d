import { cpuUsage } from 'node:process'
import { startProfile } from './layers.ts'
import type { Question } from './program.ts'

/** Tells where a server listens, and answers questions about its process until nobody asks. */
export function answerQuestions(url: string, close: () => Promise<void>): void {
  let stop: Awaited<ReturnType<typeof startProfile>> | undefined
  const answers: Record<Question, () => Promise<unknown>> = {
    cpu: async () => {
      const { user, system } = cpuUsage()
      return (user + system) / 1000
    },
    profile: async () => {
      stop = await startProfile()
      return 'begun'
    },
    layers: async () => stop?.(),
  }
  process.on('message', async (question: Question) => process.send?.(await answers[question]()))
  process.once('disconnect', () => void close())
  process.send?.({ url })
}
