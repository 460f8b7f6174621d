import * as z from 'zod'
import { code, id, metadata, name, storyPoints, text, timestamp } from './fields.ts'

export const boardStatus = z.enum([
  'backlog',
  'todo',
  'in_progress',
  'review',
  'testing',
  'blocked',
  'done',
  'archived',
])
export type BoardStatus = z.infer<typeof boardStatus>

export const taskType = z.enum(['story', 'bug', 'task', 'spike', 'epic'])
export const priority = z.enum(['critical', 'high', 'medium', 'low'])
export type Priority = z.infer<typeof priority>

export const Task = z
  .object({
    id,
    project_id: id,
    sprint_id: id.nullable(),
    protocol_run_id: id.nullable(),
    step_run_id: id.nullable(),
    spec_id: id.nullable(),
    external_id: text().nullable().meta({ description: 'the id in tasks.md, such as T012' }),
    occurrence: z.int().nullable().meta({ description: '1 unless the file uses an id twice' }),
    code,
    type: taskType,
    title: name(10_000),
    description: text(),
    board_status: boardStatus,
    blocked_reason: text().nullable(),
    skipped: z.boolean().meta({ description: 'done without being done: its points do not count' }),
    priority,
    story_points: storyPoints.nullable(),
    hand_set: z.array(text()).meta({ description: 'fields a person has set; sync keeps them' }),
    labels: z.array(text(200)),
    acceptance_criteria: z.array(text(10_000)),
    objectives: z.array(text(10_000)).meta({ description: 'what the work is for' }),
    deliverables: z.array(text(10_000)).meta({ description: 'what there is when it is done' }),
    agent_config: metadata.meta({
      description: 'what AGENT.yml says besides, such as safety rails',
    }),
    assignee: text(200).nullable(),
    position: z.int(),
    due_date: timestamp.nullable(),
    started_at: timestamp.nullable(),
    completed_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Task', description: 'A card on the board' })
export type Task = z.infer<typeof Task>

export const TaskDependency = z
  .object({
    task_id: id,
    depends_on_id: id,
    kind: z.enum(['hard', 'suggested']),
    confidence: z.number(),
    source: z.enum(['spec', 'protocol', 'hand']),
  })
  .meta({ id: 'TaskDependency' })
export type TaskDependency = z.infer<typeof TaskDependency>
