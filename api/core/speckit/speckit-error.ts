export type SpecKitErrorCode =
  | 'nul_character'
  | 'lone_surrogate'
  | 'text_too_long'
  | 'line_too_long'
  | 'too_many_lines'
  | 'too_many_tasks'
  | 'too_many_dependencies'
  | 'invalid_task_id'
  | 'duplicate_task_id'
  | 'unknown_task_id'
  | 'unwritable_text'

/** A SpecKit file, or a value to be written into one, that breaks a rule. The message names the rule and the way out. */
export class SpecKitError extends Error {
  override readonly name = 'SpecKitError'
  readonly code: SpecKitErrorCode
  /** 1-based line of the file, where there is one. */
  readonly line: number | null

  constructor(code: SpecKitErrorCode, message: string, line: number | null = null) {
    super(line === null ? message : `Line ${line}: ${message}`)
    this.code = code
    this.line = line
  }
}
