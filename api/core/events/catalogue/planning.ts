import * as z from 'zod'
import { id, text } from '../../entities/fields.ts'
import { SprintReport, sprintStatus } from '../../entities/sprint.ts'
import { boardStatus } from '../../entities/task.ts'
import { changes, moment, named } from './parts.ts'

const points = z.int().nullable()
/** Work on a card: when it began and ended, and whether it was left out. */
const work = { skipped: z.boolean().default(false), started_at: moment, completed_at: moment }
const statusSource = z.enum(['hand', 'step', 'import', 'sprint'])

/** A field that says one thing on the board and another elsewhere. */
const conflict = z.object({
  conflict_id: id,
  field: text(),
  source: z.enum(['spec', 'protocol', 'file']),
  board: z.json(),
  other: z.json(),
})

/** Projects and their specs, sprints, tasks, and what people see of them. */
export const planning = {
  'project.created': named,
  'project.updated': changes,
  'project.deleted': named,
  'project.sprints_linked': z.object({ sprints: z.int(), tasks: z.int() }),
  'project.history_imported': z.object({
    sprints: z.int(),
    tasks: z.int(),
    protocol_runs: z.int(),
    step_runs: z.int(),
  }),

  'spec.created': z.object({ path: text() }),
  'spec.updated': changes,
  'spec.archived': z.object({ path: text() }),
  'spec.tasks_imported': z.object({
    content_hash: text(),
    created: z.int(),
    updated: z.int(),
    archived: z.int(),
    moved: z.int(),
    conflicts: z.int(),
  }),

  'sprint.created': z.object({ code: text(), name: text(), protocol_run_id: id.nullable() }),
  'sprint.imported': z.object({
    source_id: id,
    name: text(),
    status: sprintStatus,
    start_date: moment,
    end_date: moment,
    created_at: moment,
    started_at: moment,
    completed_at: moment,
  }),
  'sprint.updated': changes,
  'sprint.started': z.object({
    committed_points: z.int(),
    committed_tasks: z.array(id),
    started_at: moment,
    end_date: moment,
  }),
  'sprint.completed': SprintReport,
  'sprint.failed': SprintReport.extend({ reason: text() }),
  'sprint.overridden': z.object({ reason: text() }),
  'sprint.reopened': z.object({ reason: text(), from: sprintStatus }),
  'sprint.archived': z.object({ code: text() }),
  'sprint.rolled_back': z.object({ to: z.int(), hash: text() }),
  'sprint.synced': z.object({ created: z.int(), updated: z.int(), archived: z.int() }),
  'sprint.velocity_updated': z.object({
    velocity_actual: z.int(),
    total_points: z.int(),
    completed_points: z.int(),
    completion_rate: z.number(),
  }),

  'task.created': z.object({
    code: text(),
    title: text(),
    board_status: boardStatus,
    story_points: points,
    source: statusSource,
    ...work,
  }),
  'task.updated': changes,
  'task.status_changed': z.object({
    from: boardStatus,
    to: boardStatus,
    reason: text().nullable(),
    story_points: points,
    source: statusSource,
    ...work,
  }),
  'task.estimated': z.object({ from: points, to: points }),
  'task.added_to_sprint': z.object({
    from_sprint_id: id.nullable(),
    board_status: boardStatus,
    story_points: points,
    ...work,
  }),
  'task.removed_from_sprint': z.object({ to_sprint_id: id.nullable(), story_points: points }),
  'task.overridden': z.object({ reason: text(), sprint_id: id }),
  'task.step_linked': z.object({ step_run_id: id }),
  'task.dependency_added': z.object({ depends_on_id: id, kind: z.enum(['hard', 'suggested']) }),
  'task.dependency_removed': z.object({ depends_on_id: id }),
  'task.rolled_back': z.object({ to: z.int(), hash: text() }),

  'task.noted': z.object({ note: text(), board_status: boardStatus }),

  'conflict.recorded': conflict,
  'conflict.resolved': conflict.extend({ side: z.enum(['board', 'other', 'superseded']) }),

  'view.created': named,
  'view.updated': changes,
  'view.deleted': named,
} as const
