import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Concurrency } from '../store/jobs.ts'
import type { Limits } from './types.ts'

/**
 * The limit that a flow or script asks for. Without a key of its own, it is for all its runs; a
 * key may hold `$workspace` and `$args[name]`.
 */
export function concurrencyOf(
  { concurrent_limit, concurrency_key, concurrency_time_window_s }: Limits,
  workspace: string,
  usualKey: string,
  args: JsonObject,
): Concurrency | null {
  if (!concurrent_limit) return null
  return {
    key: concurrency_key ? filledIn(concurrency_key, workspace, args) : `${workspace}/${usualKey}`,
    limit: concurrent_limit,
    windowSeconds: concurrency_time_window_s ?? 0,
  }
}

function filledIn(key: string, workspace: string, args: JsonObject): string {
  return key
    .replaceAll('$workspace', workspace)
    .replace(/\$args\[((?:\w+\.)*\w+)\]/g, (_, path: string) => {
      const value = path
        .split('.')
        .reduce<Json>((at, name) => (isObject(at) ? (at[name] ?? null) : null), args)
      return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
    })
}
