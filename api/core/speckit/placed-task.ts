import type { Candidate } from './find-candidates.ts'
import type { ParsedTask } from './types.ts'

/** Where a task's lines lie; what the dependency reader needs beside the task itself. */
export interface PlacedTask {
  task: ParsedTask
  candidate: Candidate
  /** The first paragraph, uncleaned. */
  paragraph: string
  /** Line indexes [start, end). */
  start: number
  end: number
}
