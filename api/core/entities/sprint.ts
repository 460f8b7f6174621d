import * as z from 'zod'
import { code, id, name, text, timestamp } from './fields.ts'

export const sprintStatus = z.enum(['planning', 'active', 'completed', 'failed', 'archived'])
export type SprintStatus = z.infer<typeof sprintStatus>

/** Points and counts at the close, by the definitions of core/velocity.ts. */
export const SprintReport = z
  .object({
    committed_points: z.int(),
    scope_change_points: z.int().meta({
      description: 'final scope less committed: added, removed and re-estimated after the start',
    }),
    completed_points: z.int().meta({ description: 'done by the close, not before the start' }),
    completed_initial_points: z.int().meta({ description: 'of those, committed at the start' }),
    say_do: z.number().nullable().meta({ description: 'completed (initial) / committed' }),
    predictability: z
      .number()
      .nullable()
      .meta({ description: 'completed / committed; may exceed 1' }),
    carried_over_points: z.int(),
    carried_over: z.array(z.object({ task_id: id, code, title: text(), to: text() })),
    unestimated_tasks: z.int(),
  })
  .meta({ id: 'SprintReport' })
export type SprintReport = z.infer<typeof SprintReport>

export const Sprint = z
  .object({
    id,
    project_id: id,
    spec_id: id.nullable(),
    code,
    name: name(),
    goal: text().nullable(),
    status: sprintStatus,
    start_date: timestamp.nullable(),
    end_date: timestamp.nullable(),
    committed_points: z.int().nullable(),
    velocity_planned: z.int().nullable(),
    velocity_actual: z.int(),
    started_at: timestamp.nullable(),
    completed_at: timestamp.nullable(),
    report: SprintReport.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Sprint', description: 'A timebox with a goal' })
export type Sprint = z.infer<typeof Sprint>

export const SprintVelocityOut = z
  .object({
    sprint_id: id,
    velocity_actual: z.int(),
    total_points: z.int(),
    completed_points: z.int(),
    completion_rate: z.number().min(0).max(1),
  })
  .meta({ id: 'SprintVelocityOut' })
export type SprintVelocityOut = z.infer<typeof SprintVelocityOut>
