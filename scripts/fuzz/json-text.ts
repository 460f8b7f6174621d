/** JSON that no JavaScript value stands for, such as 1e400 or half of a surrogate pair. */
export class Literally {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** JSON of a value that may hold pieces to be written literally, and keys of any name. */
export function jsonText(value: unknown): string {
  if (value instanceof Literally) return value.text
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, it]) => `${JSON.stringify(key)}:${jsonText(it)}`,
    )
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** An object whose keys are data, whatever they are called. */
export function plainObject(
  entries: Iterable<readonly [string, unknown]>,
): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null)
  for (const [key, value] of entries) made[key] = value
  return made
}
