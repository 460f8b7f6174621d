import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Layers } from './layers.ts'

/** A server of this folder in a process of its own. */
export interface Program {
  url: string
  /** Time on a processor since it started, of all its threads (ms). */
  cpu(): Promise<number>
  /** Where its time goes while `work` runs, in ms by layer. */
  profile(work: () => Promise<unknown>): Promise<Layers>
  end(): Promise<void>
}

/** What a server of this folder is asked, and answers, over its channel. */
export type Question = 'cpu' | 'profile' | 'layers'

export async function startProgram(name: string, args: readonly string[]): Promise<Program> {
  // Bundled beside the measurements, by main.
  const file = fileURLToPath(import.meta.url).replace(/run\.js$/, `${name}.js`)
  const child = fork(file, args, { stdio: 'inherit' })
  const { url } = await answerOf<{ url: string }>(child)
  const ask = <T>(question: Question) => {
    const answer = answerOf<T>(child)
    child.send(question)
    return answer
  }
  return {
    url,
    cpu: () => ask('cpu'),
    async profile(work) {
      await ask('profile')
      await work()
      return ask('layers')
    },
    async end() {
      child.disconnect()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const settled = new AbortController()
  const only = { signal: settled.signal }
  const ended = once(child, 'exit', only).then(([code]) => {
    throw new Error(`a server of the bench ended with ${code}`)
  })
  try {
    const [answer] = await Promise.race([once(child, 'message', only), ended])
    return answer as T
  } finally {
    settled.abort()
  }
}
