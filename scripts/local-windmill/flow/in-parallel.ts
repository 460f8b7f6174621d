/**
 * Runs tasks side by side, at most `limit` at once, and waits for all that began, so that
 * nothing goes on behind the back of a failure. Then the first rejection is thrown.
 */
export async function inParallel<T>(tasks: (() => Promise<T>)[], limit: number): Promise<T[]> {
  const results = new Array<T>(tasks.length)
  const entries = tasks.entries()
  let broken = false
  const worker = async () => {
    for (const [index, task] of entries) {
      if (broken) return
      try {
        results[index] = await task()
      } catch (error) {
        broken = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.max(1, Math.min(limit, tasks.length)) }, worker)
  const settled = await Promise.allSettled(workers)
  for (const end of settled) if (end.status === 'rejected') throw end.reason
  return results
}
