import fc from 'fast-check'
import type { Contract } from './contract.ts'
import type { Json, Operation } from './operations.ts'
import { type Trial, trials } from './requests.ts'
import { type Call, tellStory } from './story.ts'
import { curlOf, send } from './target.ts'
import type { Hint } from './valid.ts'

export interface Target {
  url: string
  /** Of an administrator whose name no other token has. */
  token: string
  document: Json
  contract: Contract
  /** How many changes that administrator has made since it was asked last, by the events. */
  newChanges(): Promise<number>
}

export interface Effort {
  seed: number
  runs: number
}

/** How many answers there were of each status. */
export type Tally = Map<number, number>

/**
 * Sends one operation requests of all sorts, and holds every answer against the document.
 * @throws with the smallest request found to be answered wrongly, as a curl line
 */
export async function fuzz(target: Target, operation: Operation, effort: Effort): Promise<Tally> {
  const { document, contract } = target
  const hint = await storyFor(target, operation)
  const tally: Tally = new Map()
  const property = fc.asyncProperty(
    trials(operation, { document, hint }, contract),
    async (trial) => {
      const fault = await faultOf(target, operation, trial, tally)
      if (fault) throw new Error(`${fault}\n  ${trial.about}\n  ${curlOf(target.url, trial)}`)
    },
  )
  const found = await fc.check(property, {
    seed: seedOf(operation, effort.seed),
    numRuns: effort.runs,
    // One thing is wrong with each request as it is: there is little to make smaller.
    endOnFailure: true,
  })
  if (!found.failed) return tally
  const why =
    found.errorInstance instanceof Error ? found.errorInstance.message : found.errorInstance
  throw new Error(`${operation.id} (seed ${effort.seed}, request ${found.numRuns}): ${why}`)
}

const readStories = new WeakMap<Target, Promise<Hint>>()

/** What changes things gets a story of its own; what reads spoils none, and has one in common. */
function storyFor(target: Target, { method }: Operation): Promise<Hint> {
  if (method !== 'GET') return tellStory(caller(target))
  const told = readStories.get(target) ?? tellStory(caller(target))
  readStories.set(target, told)
  return told
}

/** Operations with one seed in common would all be sent the same sorts of requests. */
const seedOf = (operation: Operation, seed: number) =>
  [...operation.id].reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) | 0, seed)

async function faultOf(
  target: Target,
  operation: Operation,
  trial: Trial,
  tally: Tally,
): Promise<string | null> {
  await target.newChanges()
  const answer = await send(target.url, target.token, trial).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
  if (answer instanceof Error) return `there was no answer: ${answer.message}`
  tally.set(answer.status, (tally.get(answer.status) ?? 0) + 1)
  const fault = target.contract.fault(operation, answer)
  if (fault) return `${fault}\n  ${JSON.stringify(answer.body)?.slice(0, 1000)}`
  if (answer.status < 400) {
    return trial.broken ? `${answer.status} for what the document does not allow` : null
  }
  const changes = await target.newChanges()
  return changes > 0 ? `it was refused (${answer.status}) and yet changed something` : null
}

function caller({ url, token }: Target): Call {
  return async (method, path, body, headers = {}) => {
    const answer = await send(url, token, {
      method,
      path,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body ? Buffer.from(JSON.stringify(body)) : null,
    })
    if (answer.status < 300) return answer.body
    throw new Error(`The story stops at ${method} ${path}: ${JSON.stringify(answer.body)}`)
  }
}
