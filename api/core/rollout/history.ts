import type { StepStatus } from '../entities/protocol.ts'
import type { BoardStatus } from '../entities/task.ts'
import type { DumpRow, DumpTable } from './dump-rows.ts'

/** Something of an imported row that is not as the dump had it, and why. */
export interface Note {
  table: DumpTable
  id: number
  note: string
}

export type HistorySprint = DumpRow<'sprints'> & {
  closed: boolean
  /** Points of what was in it; the first version recorded no commitment. */
  committedPoints: number
  velocity: number
}

export type HistoryRun = DumpRow<'protocol_runs'> & {
  /** The sprint made from it, by its id in the dump. */
  sprint: number | null
}

export type HistoryStep = DumpRow<'step_runs'> & {
  index: number
  name: string
  dependsOn: number[]
  task: number | null
}

export type HistoryTask = DumpRow<'tasks'> & {
  sprint: number | null
  run: number | null
  step: number | null
  skipped: boolean
  blockedReason: string | null
  /** Both sides, where the step has won against the card's own column. */
  clash: { board: BoardStatus; step: StepStatus } | null
}

/** What an import writes, references by the ids of the dump. */
export interface History {
  sprints: HistorySprint[]
  runs: HistoryRun[]
  steps: HistoryStep[]
  tasks: HistoryTask[]
  /** Empty sprints that another one of the same name and run stands for. */
  duplicates: (DumpRow<'sprints'> & { of: number })[]
  /** task waits for dependsOn; those that went in a circle are suggestions. */
  dependencies: { task: number; dependsOn: number; kind: 'hard' | 'suggested' }[]
  notes: Note[]
}
