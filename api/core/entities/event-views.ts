import * as z from 'zod'
import { eventLevel } from './event.ts'
import { id, text, timestamp } from './fields.ts'
import { boardStatus } from './task.ts'

const many = z.int().min(0)

export const ToldEvent = z
  .object({
    id,
    cursor: text(),
    at: timestamp,
    type: text(),
    level: eventLevel,
    text: text().meta({ description: 'what happened, as a sentence' }),
    entity_type: text(),
    entity_id: id,
    actor: text(),
    agent: text().nullable(),
    session_key: text().nullable(),
  })
  .meta({ id: 'ToldEvent' })
export type ToldEvent = z.infer<typeof ToldEvent>

export const TimelineEntry = z
  .object({
    correlation_id: text(),
    began_at: timestamp,
    ended_at: timestamp,
    events: z.array(ToldEvent).meta({ description: 'in the order that is asked for' }),
  })
  .meta({
    id: 'TimelineEntry',
    description: 'What one cause led to, as far as it is on this page of events',
  })
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const EventStats = z
  .object({
    since: timestamp,
    until: timestamp,
    time_zone: text().meta({ description: 'whose days are counted' }),
    total: many,
    by_type: z.array(z.object({ type: text(), level: eventLevel, count: many })),
    by_agent: z
      .array(z.object({ agent: text().nullable(), count: many }))
      .meta({ description: 'the 100 busiest; null is what no agent did' }),
    by_day: z.array(z.object({ date: z.iso.date(), count: many })).meta({
      description: 'days on which something happened',
    }),
  })
  .meta({ id: 'EventStats' })
export type EventStats = z.infer<typeof EventStats>

const move = z.object({
  at: timestamp,
  from: boardStatus,
  to: boardStatus,
  reason: text().nullable(),
})

/** What a session, or one chain of causes, did. */
export const activity = {
  began_at: timestamp,
  ended_at: timestamp,
  seconds: z.number().min(0).meta({ description: 'between its first event and its last' }),
  events: many,
  actors: z.array(text()),
  agents: z.array(text()),
  by_type: z.array(z.object({ type: text(), count: many })),
  tokens: many.nullable().meta({ description: 'as its steps told; null where none did' }),
  tasks_touched: many,
  tasks: z
    .array(
      z.object({
        task_id: id,
        code: text(),
        title: text(),
        board_status: boardStatus.meta({ description: 'now' }),
        events: many,
        moves: z.array(move).meta({ description: 'the last 20' }),
        notes: z.array(z.object({ at: timestamp, note: text() })).meta({
          description: 'the last 20',
        }),
      }),
    )
    .meta({ description: 'the 100 touched last' }),
}
