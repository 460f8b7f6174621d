import { Problem } from '../api/problem.ts'

/** What a run is created from; the API says what is wrong with it. */
export interface Plan {
  protocol_name?: unknown
  steps: unknown
}

const refused = (field: string, message: string) =>
  new Problem(422, { detail: `${field}: ${message}`, errors: [{ field, message }] })

/**
 * A pasted plan: a list of steps, or an object with `steps` and maybe `protocol_name`, as JSON or
 * YAML. @throws Problem naming the field `plan`
 */
export async function planFromText(text: string): Promise<Plan> {
  if (text.trim() === '') throw refused('plan', 'is empty; paste steps as JSON or YAML')
  // The reader of YAML is large, and most plans are typed; JSON is YAML too.
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  const [wrong] = document.errors
  if (wrong) throw refused('plan', wrong.message.split('\n')[0] ?? 'is neither JSON nor YAML')
  let plan: unknown
  try {
    plan = document.toJS({ maxAliasCount: 0 })
  } catch {
    // Mostly a word in *asterisks*; real ones could name themselves, or each other without end.
    throw refused('plan', 'must not use aliases; put a word that begins with * in quotes')
  }
  if (Array.isArray(plan)) return { steps: plan }
  if (typeof plan === 'object' && plan !== null && 'steps' in plan) return plan as Plan
  throw refused('plan', 'must be a list of steps, or an object with “steps”')
}

/** What was typed into one row. */
export interface TypedStep {
  name: string
  type: string
  points: string
  /** Numbers of other rows: “1, 2”. */
  after: string
  qa: boolean
}

/** Typed rows as the API takes them. @throws Problem naming each field that cannot be read */
export function planFromRows(rows: readonly TypedStep[]): Plan {
  const errors: { field: string; message: string }[] = []
  const steps = rows.map((row, index) => {
    const points = row.points.trim()
    if (points !== '' && !/^\d+$/.test(points)) {
      errors.push({ field: `steps.${index}.story_points`, message: 'must be a whole number' })
    }
    const named = row.after.split(/[\s,;]+/).filter(Boolean)
    const unknown = named.filter((it) => {
      const at = Number(it) - 1
      return !/^\d+$/.test(it) || at === index || rows[at] === undefined
    })
    if (unknown.length > 0) {
      errors.push({
        field: `steps.${index}.depends_on`,
        message: `there is no other step ${unknown.join(', ')}; give numbers such as 1, 2`,
      })
    }
    return {
      step_name: row.name,
      ...(row.type.trim() && { step_type: row.type.trim() }),
      ...(points !== '' && { story_points: Number(points) }),
      depends_on: named.flatMap((it) => rows[Number(it) - 1]?.name ?? []),
      qa_required: row.qa,
    }
  })
  if (errors.length > 0) throw new Problem(422, { detail: 'Some steps cannot be read.', errors })
  return { steps }
}
