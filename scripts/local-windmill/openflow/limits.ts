import type { JsonObject } from '../json.ts'
import type { Limits } from './types.ts'

/** What is wrong with the limits that a flow or a script's metadata sets. */
export function limitProblems(where: string, value: JsonObject): string[] {
  const { concurrent_limit: limit, concurrency_key: key, concurrency_time_window_s: window } = value
  const problems: string[] = []
  if (limit != null && !(Number.isInteger(limit) && Number(limit) >= 0)) {
    problems.push(
      `concurrent_limit of ${where} must be a whole number, not ${JSON.stringify(limit)}`,
    )
  }
  if (key != null && typeof key !== 'string') {
    problems.push(`concurrency_key of ${where} must be a string, not ${JSON.stringify(key)}`)
  }
  if (window != null && !(typeof window === 'number' && window >= 0)) {
    problems.push(
      `concurrency_time_window_s of ${where} must be seconds, not ${JSON.stringify(window)}`,
    )
  }
  return problems
}

/** The limits in a script's metadata; those that are no such thing are left out. */
export function limitsOf(metadata: JsonObject): Limits {
  return limitProblems('', metadata).length > 0 ? {} : (metadata as Limits)
}
