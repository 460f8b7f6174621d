import type { Fields } from './items.ts'

/**
 * Whether the server has what is here. Windmill fills in what is left out (a flow comes back from
 * its dependency job with every default written out), so what it has besides may be any default.
 */
export function isDeployed(here: Fields, there: Fields): boolean {
  return Object.entries(here).every(([key, value]) => same(value, there[key]))
}

function same(here: unknown, there: unknown): boolean {
  if (isDefault(here) && isDefault(there)) return true
  if (typeof here === 'string' && typeof there === 'string') return here.trim() === there.trim()
  if (Array.isArray(here)) {
    return (
      Array.isArray(there) &&
      here.length === there.length &&
      here.every((it, index) => same(it, there[index]))
    )
  }
  if (!isFields(there)) return here === there
  // Such as a timeout, which may be an expression.
  if (typeof here === 'number') return there.type === 'static' && there.value === here
  if (!isFields(here)) return false
  const keys = new Set([...Object.keys(here), ...Object.keys(there)])
  return [...keys].every((key) => same(spokenOf(here, key), spokenOf(there, key)))
}

/** What a flow's loop or branch says, or is taken to say where it is silent and that is a yes. */
function spokenOf(owner: Fields, key: string): unknown {
  if (key in owner) return owner[key]
  if (owner.type === 'forloopflow') return key === 'skip_failures'
  if (owner.type === 'branchall') return key === 'parallel'
  const isBranch = owner.type === undefined && 'modules' in owner
  return isBranch && (key === 'skip_failure' || key === 'parallel')
}

/** What says no more than its absence; a retry of no attempts counts, whatever its pauses. */
function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isFields(value)) return value.attempts === 0 || Object.values(value).every(isDefault)
  return !value
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
