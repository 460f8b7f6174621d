/** Something that Windmill would trip over, or worse, would not. */
export interface Problem {
  /** Relative to the workspace. */
  file: string
  /** Id of the module or name of the argument; empty for the whole file. */
  where: string
  /** A stable name for what was broken. */
  rule: string
  /** What is wrong, and the way out. */
  message: string
}

export type Report = (where: string, rule: string, message: string) => void

export const show = ({ file, where, rule, message }: Problem): string =>
  `${file}: ${where ? `${where}: ` : ''}[${rule}] ${message}`

/** A list of names for a way out, cut short. */
export const names = (known: Iterable<string>): string => {
  const all = [...known]
  if (all.length === 0) return 'none'
  return all.slice(0, 12).join(', ') + (all.length > 12 ? ', …' : '')
}
