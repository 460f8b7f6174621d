/** What the file says about a task. A mark other than these four reads as open. */
export type TaskMark = 'open' | 'done' | 'in_progress' | 'cancelled'

/** A task within one file. Equal ids are told apart by their order. */
export interface TaskKey {
  externalId: string
  /** 1-based among equal ids of the file. */
  occurrence: number
}

export interface TaskPhase {
  /** As written ("3", "3.1", "5A", "N"), in ASCII digits; null where the heading has none. */
  number: string | null
  title: string
}

export interface ParsedTask extends TaskKey {
  /** 1-based. */
  line: number
  mark: TaskMark
  /** UTF-16 offset in the file of the single mark character; null where there is none to patch. */
  markOffset: number | null
  /** The id, or the start of the title, is struck out. */
  struck: boolean
  parallel: boolean
  labels: string[]
  assignee: string | null
  points: number | null
  title: string
  /** Continuation lines and sub-items, dedented, line ends as \n. */
  body: string
  phase: TaskPhase | null
  /** Paths named in the title or body, in order, without repeats. */
  files: string[]
}

export interface ParsedDependency {
  task: TaskKey
  dependsOn: TaskKey
  kind: 'hard' | 'suggested'
  /** 0 to 1. */
  confidence: number
  line: number
}

/** Why a line that looks like a task, or a named dependency, was not taken. */
export type SkipReason =
  | 'in_fence'
  | 'in_comment'
  | 'in_front_matter'
  | 'checkbox_without_id'
  | 'bullet_without_checkbox'
  | 'legend'
  | 'prose'
  | 'heading_reference'
  | 'checkbox_reference'
  | 'table_reference'
  | 'dependency_on_unknown_id'
  | 'dependency_on_itself'
  | 'dependency_cycle'
  | 'dependency_too_broad'

export interface SkippedLine {
  line: number
  /** The line, cut to 160 characters. */
  text: string
  reason: SkipReason
}

export interface ParsedPhase extends TaskPhase {
  line: number
  /** Tasks of the phase itself, without those of phases below it. */
  tasks: number
}

export interface ParsedTasks {
  tasks: ParsedTask[]
  dependencies: ParsedDependency[]
  phases: ParsedPhase[]
  skipped: SkippedLine[]
}
