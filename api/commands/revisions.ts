import * as z from 'zod'
import { id, text } from '../core/entities/fields.ts'
import {
  ReplayedWork,
  Revision,
  RevisionDiff,
  RevisionInHistory,
  UndoneWork,
  Verification,
} from '../core/entities/revision.ts'
import { bySprint, byTask, command, listOf, page } from './command.ts'

const referred = 'must be the number of a revision, or the first 6 or more characters of its hash'

/** A revision of an entity: its number, or how its hash begins. */
const reference = z
  .string()
  .regex(/^([1-9]\d{0,8}|[0-9a-f]{6,64})$/, referred)
  .meta({ description: 'number of a revision, or how its hash begins' })
const referenceInBody = z.union([z.int().positive().transform(String), reference], {
  error: ({ input }) => (input === undefined ? 'is required' : referred),
})

const range = z.object({
  from: reference.optional().meta({ description: 'the one before `to`, unless given' }),
  to: reference.optional().meta({ description: 'the newest, unless given' }),
})

const rollbackBody = z.strictObject({
  to: referenceInBody.meta({ description: 'number of a revision, or how its hash begins' }),
})

export const taskHistory = command({
  name: 'task.history',
  summary: 'List what a task has been: who changed which fields when, the newest first',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id/history',
  params: byTask,
  query: z.object(page),
  brief: ['number', 'fields', 'actor', 'agent', 'correlation_id', 'created_at'],
  output: listOf(RevisionInHistory),
  tool: 'orchestration_history',
  cli: 'history',
})

export const sprintHistory = command({
  name: 'sprint.history',
  summary: 'List what a sprint has been: who changed which fields when, the newest first',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/history',
  params: bySprint,
  query: z.object(page),
  brief: ['number', 'fields', 'actor', 'agent', 'correlation_id', 'created_at'],
  output: listOf(RevisionInHistory),
  cli: 'sprint history',
})

export const taskRevision = command({
  name: 'task.revision',
  summary: 'Read a revision of a task',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id/revisions/:revision',
  params: byTask.extend({ revision: reference }),
  output: Revision,
})

export const sprintRevision = command({
  name: 'sprint.revision',
  summary: 'Read a revision of a sprint',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/revisions/:revision',
  params: bySprint.extend({ revision: reference }),
  output: Revision,
})

export const diffTask = command({
  name: 'task.diff',
  summary: 'Compare two revisions of a task, field by field',
  scope: 'read',
  method: 'get',
  path: '/tasks/:task_id/diff',
  params: byTask,
  query: range,
  output: RevisionDiff,
  cli: 'diff',
})

export const diffSprint = command({
  name: 'sprint.diff',
  summary: 'Compare two revisions of a sprint, field by field',
  scope: 'read',
  method: 'get',
  path: '/sprints/:sprint_id/diff',
  params: bySprint,
  query: range,
  output: RevisionDiff,
  cli: 'sprint diff',
})

export const rollBackTask = command({
  name: 'task.roll_back',
  summary: 'Make a task what it was at a revision; that is a new revision',
  scope: 'plan',
  method: 'post',
  path: '/tasks/:task_id/actions/rollback',
  params: byTask,
  body: rollbackBody,
  output: Revision,
  tool: 'orchestration_rollback',
  cli: 'rollback',
})

export const rollBackSprint = command({
  name: 'sprint.roll_back',
  summary:
    'Make the fields of an open sprint what they were at a revision; its tasks stay, and its status, which must be the one it had then',
  scope: 'plan',
  method: 'post',
  path: '/sprints/:sprint_id/actions/rollback',
  params: bySprint,
  body: rollbackBody,
  output: Revision,
  cli: 'sprint rollback',
})

export const undoWork = command({
  name: 'work.undo',
  summary:
    'Undo everything that one correlation id did to sprints and tasks; refused with a list where later work stands on it, or where it started or ended a sprint',
  scope: 'plan',
  method: 'post',
  path: '/undo',
  body: z.strictObject({
    correlation_id: text(200).min(1).meta({
      description: 'as a history, an event or a session names it',
    }),
  }),
  output: UndoneWork,
  tool: 'orchestration_undo',
  cli: 'undo',
})

export const replayWork = command({
  name: 'work.replay',
  summary:
    'Apply the changes of a session again: to what its tasks are now, or to the matching tasks of another sprint',
  scope: 'plan',
  method: 'post',
  path: '/sessions/:session_key/actions/replay',
  params: z.object({
    session_key: text(200).min(1).meta({ description: 'the session whose changes are applied' }),
  }),
  body: z.strictObject({
    sprint_id: id.optional().meta({
      description: 'another sprint, whose tasks of the same file id or title are changed instead',
    }),
    skip_conflicts: z.boolean().default(false).meta({
      description: 'apply what can be; without it, one conflict keeps everything as it is',
    }),
    dry_run: z.boolean().default(false).meta({ description: 'only tell what would be done' }),
  }),
  output: ReplayedWork,
  tool: 'orchestration_replay',
  cli: 'replay',
})

export const verifyRevisions = command({
  name: 'revision.verify',
  summary: 'Compute every chain of revisions again, and compare its end with what is there',
  scope: 'admin',
  method: 'get',
  path: '/revisions/verification',
  output: Verification,
})
