import { Parked } from '../parked.ts'

/** A lost ring is made up for by looking again. */
const LOOK_AGAIN_MS = 2000
/** The clock of the database, which says when a wait is over, may be a little behind. */
const SHORTEST_MS = 50

export type Ring = (ms: number) => Promise<void>

/**
 * Runs tasks side by side, at most `limit` at once, and waits for all that began, so that
 * nothing goes on behind the back of a failure. Then the first rejection is thrown.
 *
 * A task that is parked keeps its place and is begun again when it may go on, for as long as
 * another one runs; once all are parked, so is the whole. `ring` resolves when somebody answers.
 */
export async function inParallel<T>(
  tasks: (() => Promise<T>)[],
  limit: number,
  ring: Ring,
): Promise<T[]> {
  const results = new Array<T>(tasks.length)
  const entries = tasks.entries()
  const parked = new Set<Parked>()
  let working = Math.max(1, Math.min(limit, tasks.length))
  let broken = false
  let nothingRuns = () => {}
  const stillness = new Promise<void>((resolve) => {
    nothingRuns = resolve
  })
  const look = () => {
    if (broken || parked.size === working) nothingRuns()
  }

  const untilDone = async (task: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await task()
      } catch (thrown) {
        if (!(thrown instanceof Parked)) throw thrown
        parked.add(thrown)
        look()
        const left = thrown.until.getTime() - Date.now()
        await Promise.race([ring(Math.max(SHORTEST_MS, Math.min(left, LOOK_AGAIN_MS))), stillness])
        if (broken || parked.size === working) throw thrown
        parked.delete(thrown)
      }
    }
  }
  const worker = async () => {
    for (const [index, task] of entries) {
      if (broken) return
      try {
        results[index] = await untilDone(task)
      } catch (error) {
        broken ||= !(error instanceof Parked)
        look()
        throw error
      }
    }
    working--
    look()
  }
  const settled = await Promise.allSettled(Array.from({ length: working }, worker))
  const thrown = settled.flatMap((end) =>
    end.status === 'rejected' ? [end.reason as unknown] : [],
  )
  const waiting = thrown.filter((error) => error instanceof Parked)
  if (thrown.length > waiting.length) throw thrown.find((error) => !(error instanceof Parked))
  if (waiting.length > 0) throw Parked.together(waiting)
  return results
}
