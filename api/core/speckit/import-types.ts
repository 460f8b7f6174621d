import type { TaskKey, TaskMark } from './types.ts'

export type BoardStatus =
  | 'backlog'
  | 'todo'
  | 'in_progress'
  | 'review'
  | 'testing'
  | 'blocked'
  | 'done'
  | 'archived'

/** What the file said when it was last imported: the base of the three-way merge. */
export interface ImportedFields {
  title: string
  description: string
  labels: string[]
  assignee: string | null
  points: number | null
  parallel: boolean
  /** 'absent' once the task has vanished from the file. */
  mark: TaskMark | 'absent'
}

/** A card with a SpecKit key of the spec that is imported. Hand-made cards have none and are not listed. */
export interface ExistingTask {
  id: number
  externalId: string
  occurrence: number
  title: string
  description: string
  /** Left out by a board that does not keep it. */
  parallel?: boolean
  labels: string[]
  boardStatus: BoardStatus
  storyPoints: number | null
  assignee: string | null
  /** Fields a person has set: the file never changes them without a conflict. */
  handSet?: readonly string[]
  /** A step run owns the status of this card. */
  linkedStep: boolean
  archived: boolean
  sprintId: number | null
  /** The card is in a closed sprint, which is read-only. */
  readOnly?: boolean
  /** Null for a card that was never imported; then what differs is a conflict. */
  imported: ImportedFields | null
}

export interface ImportOptions {
  /** The sprint that is imported into; null for the backlog. */
  sprintId: number | null
  /** Cards that wait in the backlog go along into the sprint; true when left out. */
  takeBacklog?: boolean
  /** In a conflict the file wins. Conflicts are listed all the same. */
  overwriteExisting?: boolean
}

export interface NewTask extends TaskKey {
  line: number
  title: string
  description: string
  parallel: boolean
  labels: string[]
  assignee: string | null
  /** Null: the caller's default. */
  storyPoints: number | null
  boardStatus: BoardStatus
  sprintId: number | null
  imported: ImportedFields
}

export interface TaskChanges {
  title?: string
  description?: string
  labels?: string[]
  assignee?: string | null
  storyPoints?: number | null
  parallel?: boolean
  boardStatus?: BoardStatus
}

export type MergedField = keyof TaskChanges

export interface ImportConflict {
  taskId: number
  field: MergedField
  /** What each side says; for boardStatus the file's and base's marks as board statuses. */
  file: unknown
  board: unknown
  /** Null when the card was never imported. */
  base: unknown
}

export interface PlannedDependency {
  task: TaskKey
  dependsOn: TaskKey
  /** Id of the existing card; null for one that this plan inserts. */
  taskId: number | null
  dependsOnId: number | null
  kind: 'hard' | 'suggested'
  confidence: number
}

export interface ImportPlan {
  inserts: NewTask[]
  /** `from` holds the board's values of the changed fields. */
  updates: { id: number; changes: TaskChanges; from: TaskChanges }[]
  /** Vanished from the file. */
  archives: { id: number; externalId: string }[]
  /** Came back to the file after an import had archived them. */
  restores: { id: number; externalId: string; boardStatus: BoardStatus }[]
  /** Cards of the backlog that move into the sprint that is imported into. */
  moves: { id: number; sprintId: number; boardStatus: BoardStatus | null }[]
  /** Left as they are, and why. A report: it does not make the plan a change. */
  kept: {
    id: number
    externalId: string
    reason: 'linked_to_step' | 'other_sprint' | 'read_only_sprint'
  }[]
  conflicts: ImportConflict[]
  /** What to remember as last imported, for every card whose base moved. */
  rebased: { id: number; imported: ImportedFields }[]
  /** Cards of the file that nothing above touches (`kept` aside). */
  unchanged: number
  /** Everything the file says now; replaces what an earlier import of this spec wrote. */
  dependencies: PlannedDependency[]
}
