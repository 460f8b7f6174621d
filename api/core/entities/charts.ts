import * as z from 'zod'
import { code, id, name, text, timestamp } from './fields.ts'
import { sprintStatus } from './sprint.ts'
import { boardStatus } from './task.ts'

const points = z.number()
const share = z.number().nullable()
const date = z.iso.date()
const why = text().nullable().meta({ description: 'why there is nothing to show; else null' })
const zone = text().meta({ description: 'of the project: its days are counted' })

/** A card by what people call it, and where it is now. */
const card = {
  task_id: id,
  code,
  title: name(10_000),
  sprint_id: id.nullable().meta({ description: 'where the card is now' }),
}

const sprintFrame = {
  sprint_id: id,
  status: sprintStatus,
  reason: why,
  time_zone: zone,
  started_at: timestamp.nullable(),
  planned_end: timestamp.nullable().meta({ description: 'as planned at the start' }),
  closed_at: timestamp.nullable(),
  days_off: z
    .array(z.object({ from: timestamp, to: timestamp }))
    .meta({ description: 'spans that are not worked on; none told of more than 1,000 days' }),
}

const scopeChange = z.object({
  at: timestamp,
  ...card,
  kind: z.enum(['added', 'removed', 'estimated']),
  points: points.meta({ description: 'by which the scope grew or shrank' }),
})

export const Burndown = z
  .object({
    ...sprintFrame,
    committed_points: points.meta({ description: 'in the sprint at its start; fixed since' }),
    done_before_start_points: points,
    scope_change_points: points,
    completed_points: points.meta({ description: 'done since the start' }),
    completed_initial_points: points.meta({ description: 'of those, committed' }),
    say_do: share.meta({ description: 'completed (initial) / committed' }),
    predictability: share.meta({ description: 'completed / committed' }),
    remaining_points: points.meta({ description: 'at the end: the carry-over' }),
    unestimated_tasks: z.int(),
    points: z
      .array(
        z.object({
          at: timestamp,
          remaining: points.meta({ description: 'scope - done' }),
          scope: points,
          done: points,
          scope_change: points.meta({ description: 'of the scope at this moment' }),
        }),
      )
      .meta({ description: 'a step line: each point holds until the next one' }),
    scope_changes: z.array(scopeChange),
    guideline: z
      .array(z.object({ at: timestamp, remaining: points }))
      .meta({ description: 'straight between its points; flat on days that are not worked on' }),
  })
  .meta({ id: 'Burndown' })
export type Burndown = z.infer<typeof Burndown>

export const Burnup = z
  .object({
    ...sprintFrame,
    committed_points: points,
    points: z.array(z.object({ at: timestamp, scope: points, completed: points })),
    scope_changes: z.array(scopeChange),
  })
  .meta({ id: 'Burnup' })
export type Burnup = z.infer<typeof Burnup>

export const boardColumns = boardStatus.exclude(['archived']).options

export const Flow = z
  .object({
    project_id: id,
    sprint_id: id.nullable(),
    reason: why,
    time_zone: zone,
    days: z.array(
      z.object({
        date,
        ...(Object.fromEntries(boardColumns.map((status) => [status, z.int()])) as Record<
          (typeof boardColumns)[number],
          z.ZodInt
        >),
        work_in_progress: z.int().meta({ description: 'in_progress, review, testing, blocked' }),
        throughput: z.int().meta({ description: 'tasks finished on the day' }),
      }),
    ),
    finished: z.int().meta({ description: 'tasks finished in these days' }),
    cycle_times: z
      .array(
        z.object({
          ...card,
          started_at: timestamp.nullable(),
          completed_at: timestamp,
          days: z.number().nullable().meta({ description: 'of 24 hours, free days included' }),
        }),
      )
      .meta({ description: 'the newest 1,000' }),
    cycle_time_percentiles: z
      .object({ p50: z.number(), p85: z.number(), p95: z.number() })
      .nullable(),
    service_level: z
      .object({ percent: z.literal(85), days: z.int() })
      .nullable()
      .meta({ description: '85 % of the tasks were finished within so many days' }),
    ages: z
      .array(
        z.object({
          ...card,
          board_status: boardStatus,
          started_at: timestamp,
          days: z.number(),
        }),
      )
      .meta({ description: 'of work that is not finished now: the oldest 1,000' }),
  })
  .meta({ id: 'Flow' })
export type Flow = z.infer<typeof Flow>

export const ProjectVelocity = z
  .object({
    project_id: id,
    sprints_counted: z
      .int()
      .meta({ description: 'N: closed sprints, at most as many as asked for' }),
    mean: z.number().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    standard_deviation: z
      .number()
      .nullable()
      .meta({ description: 'of a sample (N - 1); null below two sprints' }),
    reason: why,
    sprints: z
      .array(
        z.object({
          sprint_id: id,
          code,
          name: name(),
          started_at: timestamp.nullable(),
          completed_at: timestamp.nullable(),
          committed_points: points,
          completed_points: points,
          completed_initial_points: points,
          say_do: share,
          predictability: share,
          scope_change_points: points,
          carried_over_points: points,
          unestimated_tasks: z.int(),
        }),
      )
      .meta({ description: 'the sprints counted, in the order they were closed' }),
  })
  .meta({ id: 'ProjectVelocity' })
export type ProjectVelocity = z.infer<typeof ProjectVelocity>

const percentiles = <T extends z.ZodType>(value: T) => ({ p50: value, p85: value, p95: value })

export const Forecast = z
  .object({
    project_id: id,
    sprint_id: id.nullable(),
    as_of: date.meta({ description: 'today; the first day forecast is the one after it' }),
    time_zone: zone,
    confidence: z.enum(['none', 'low', 'normal']),
    reason: text().nullable().meta({ description: 'why confidence is none or low' }),
    remaining: z.object({ min: z.int(), max: z.int() }).meta({ description: 'tasks' }),
    when: z
      .object(percentiles(date.nullable()))
      .nullable()
      .meta({ description: 'all done by then, with that many per cent; null within: too far' }),
    how_many: z
      .object({ by: date, ...percentiles(z.int()) })
      .nullable()
      .meta({ description: 'at least so many done by then; p85 is the 15th percentile' }),
    history: z.object({
      from: date.nullable(),
      to: date.nullable(),
      samples: z.array(z.int()).meta({ description: 'tasks finished per day, zeros included' }),
    }),
    runs: z.int(),
    seed: z.int(),
    assumptions: z.array(text()),
  })
  .meta({ id: 'Forecast' })
export type Forecast = z.infer<typeof Forecast>
