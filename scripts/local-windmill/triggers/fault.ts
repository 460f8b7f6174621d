import { nearest } from '../../../api/core/nearest.ts'
import type { JsonObject } from '../json.ts'
import type { Features } from '../openflow/features.ts'

/** What stands in the way of running a schedule or trigger, by the field of its file. */
export type Fault = { field: string; rule: Rule; message: string }
/** `shape` is what Windmill's own schema says too; `unsupported` is what this engine alone lacks. */
export type Rule = 'shape' | 'cron' | 'time-zone' | 'route' | 'unknown-key' | 'unsupported'

export type Checked<T> = { value: T | null; faults: Fault[]; warnings: string[] }

/** Why a file of the workspace has no effect. */
export function explain(faults: Fault[]): string {
  return faults.map(({ field, message }) => (field ? `${field} ${message}` : message)).join('; ')
}

/** What is said by keys that this engine does not follow, and by those that nobody knows. */
export function checkKeys(
  document: JsonObject,
  { run, ignored = [], warned = [] }: Features,
  refused: string[],
): Pick<Checked<never>, 'faults' | 'warnings'> {
  const faults: Fault[] = []
  const warnings: string[] = []
  for (const [key, content] of Object.entries(document)) {
    if (run.includes(key) || ignored.includes(key)) continue
    if (content === null || content === false || content === '') continue
    if (warned.includes(key)) warnings.push(`${key} has no effect here`)
    else if (refused.includes(key)) {
      faults.push({ field: key, rule: 'unsupported', message: 'is not supported' })
    } else {
      const near = nearest(key, [...run, ...ignored, ...warned, ...refused])
      const hint = near ? `: did you mean ${near}?` : ''
      faults.push({ field: key, rule: 'unknown-key', message: `is not known${hint}` })
    }
  }
  return { faults, warnings }
}
