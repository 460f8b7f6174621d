/**
 * What the matching of boards and runs looks at, wherever it was read. `…Link` is a link for good;
 * `…Claim` a recorded value that was never made one.
 */
export interface SprintFact {
  id: number
  name: string
  start: string | null
  end: string | null
}

export interface RunFact {
  id: number
  name: string
  createdAt: string | null
  sprintLink: number | null
  sprintClaim: number | null
}

export interface StepFact {
  id: number
  runId: number
  index: number
  name: string
  status: string
  taskLink: number | null
  taskClaim: number | null
}

export interface TaskFact {
  id: number
  title: string
  status: string
  /** Place on its board; equal titles are told apart by it. */
  position: number
  sprintId: number | null
  runId: number | null
  stepLink: number | null
  stepClaim: number | null
}

/** One project's boards and runs. */
export interface Facts {
  sprints: readonly SprintFact[]
  runs: readonly RunFact[]
  steps: readonly StepFact[]
  tasks: readonly TaskFact[]
}

/** How sure a match is, from 0 to 1, and why, in words. */
export interface Evidence {
  confidence: number
  because: string[]
}

/** Something that was left as it is, and why. */
export interface Alone {
  table: 'sprints' | 'tasks' | 'protocol_runs' | 'step_runs'
  id: number
  name: string
  why: string
  /** The row that stands for this one, which is empty. */
  duplicateOf?: number
}
