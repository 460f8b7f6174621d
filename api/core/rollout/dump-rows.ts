import * as z from 'zod'
import { protocolStatus, stepStatus } from '../entities/protocol.ts'
import { sprintStatus } from '../entities/sprint.ts'
import { boardStatus, priority, taskType } from '../entities/task.ts'
import {
  dumpId,
  dumpIdOrNone,
  dumpInt,
  dumpList,
  dumpMoment,
  dumpName,
  dumpStatus,
  dumpText,
} from './dump-fields.ts'

const none = dumpIdOrNone.default(null)
const when = dumpMoment.default(null)
const list = (longest: number) => dumpList(longest).default([])

const sprints = z
  .object({
    id: dumpId,
    project_id: none,
    name: dumpName,
    goal: dumpText(10_000).default(null),
    status: dumpStatus(sprintStatus.options, 'planning', {
      cancelled: 'archived',
      closed: 'completed',
    }),
    start_date: when,
    end_date: when,
    velocity_planned: dumpInt(0, 1_000_000).default(null),
    velocity_actual: dumpInt(0, 1_000_000_000).default(null),
    started_at: when,
    completed_at: when,
    created_at: when,
  })
  .refine(
    ({ start_date, end_date }) =>
      start_date === null || end_date === null || Date.parse(end_date) >= Date.parse(start_date),
    { path: ['end_date'], error: 'must not lie before start_date' },
  )

const tasks = z.object({
  id: dumpId,
  project_id: none,
  sprint_id: none,
  protocol_run_id: none,
  step_run_id: none,
  title: dumpName,
  description: dumpText(100_000).default(null),
  task_type: dumpStatus(taskType.options, 'task'),
  // The board of the first version had no column for what had failed.
  board_status: dumpStatus(boardStatus.options, 'backlog', {
    failed: 'blocked',
    cancelled: 'archived',
    completed: 'done',
    pending: 'todo',
  }),
  priority: dumpStatus(priority.options, 'medium'),
  // As large as it comes: one that was read out of a title is told apart later.
  story_points: dumpInt(0, 2_147_483_647).default(null),
  labels: list(200),
  acceptance_criteria: list(10_000),
  blocked_by: list(20),
  blocks: list(20),
  assignee: dumpText(200).default(null),
  due_date: when,
  started_at: when,
  completed_at: when,
  created_at: when,
})

const protocol_runs = z.object({
  id: dumpId,
  project_id: none,
  protocol_name: dumpName,
  status: dumpStatus(protocolStatus.options, 'pending'),
  linked_sprint_id: none,
  created_at: when,
  started_at: when,
  finished_at: when,
})

const step_runs = z.object({
  id: dumpId,
  protocol_run_id: dumpId,
  step_index: dumpInt(0, 1_000_000),
  step_name: dumpName,
  step_type: dumpText(100).default(null),
  status: dumpStatus(stepStatus.options, 'pending', { timed_out: 'timeout', qa: 'needs_qa' }),
  depends_on: list(500),
  parallel_group: dumpText(200).default(null),
  assigned_agent: dumpText(200).default(null),
  linked_task_id: none,
  created_at: when,
  started_at: when,
  completed_at: when,
})

/** The tables of the first version, by the columns that are read; others are named and left. */
export const dumpTables = { sprints, tasks, protocol_runs, step_runs } as const
export type DumpTable = keyof typeof dumpTables
export type DumpRow<T extends DumpTable> = z.output<(typeof dumpTables)[T]>
export type Dump = { [T in DumpTable]: DumpRow<T>[] }
