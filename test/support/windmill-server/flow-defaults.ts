import type { Fields } from './stored-workspace.ts'

/**
 * A flow as it comes back once its dependency job has read and written it: every default of a
 * module is written out.
 */
export function withDefaults(flow: Fields): Fields {
  return { description: '', ...flow, value: written(flow.value) }
}

function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.fromEntries(Object.entries(value).map(([key, it]) => [key, written(it)]))
  const { stop_after_if, retry } = fields
  if (stop_after_if) fields.stop_after_if = { skip_if_stopped: false, ...(stop_after_if as Fields) }
  if (retry) {
    const exponential = { attempts: 0, multiplier: 1, seconds: 0, random_factor: null }
    fields.retry = { constant: { attempts: 0, seconds: 0 }, exponential, ...(retry as Fields) }
  }
  for (const key of ['timeout', 'parallelism']) {
    if (typeof fields[key] === 'number') fields[key] = { type: 'static', value: fields[key] }
  }
  if (Array.isArray(fields.branches)) {
    fields.branches = fields.branches.map((it) => ({
      ...{ expr: '', skip_failure: true, parallel: true },
      ...it,
    }))
  }
  return { ...defaults[String(fields.type)], ...fields }
}

const defaults: Record<string, Fields> = {
  forloopflow: { skip_failures: true, parallel: false },
  whileloopflow: { skip_failures: false },
  branchall: { parallel: true },
}
