import * as z from 'zod'
import { eventLevel, StoredEvent } from '../core/entities/event.ts'
import { activity, EventStats, TimelineEntry } from '../core/entities/event-views.ts'
import { momentText, text, timestamp } from '../core/entities/fields.ts'
import { Memory, Session } from '../core/entities/session.ts'
import { typePatterns } from '../core/events/filter.ts'
import { command, listOf, page } from './command.ts'

const number = z.coerce.number().int().positive().optional()

export const listEvents = command({
  name: 'event.list',
  summary: 'Read events in stream order, or the newest first',
  scope: 'read',
  method: 'get',
  path: '/events',
  query: z.object({
    ...page,
    order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'desc: the newest first' }),
    id: number.meta({ description: 'one event' }),
    type: typePatterns.optional(),
    level: eventLevel.optional().meta({ description: 'this level and those above it' }),
    entity_type: text(100).optional(),
    entity_id: number,
    project_id: number,
    sprint_id: number,
    protocol_run_id: number,
    correlation_id: text(200).optional(),
    actor: text(200).optional(),
    session_key: text(200).optional(),
    agent: text(200).optional(),
    since: momentText.optional().meta({ description: 'emitted then or later' }),
    until: momentText.optional().meta({ description: 'emitted before then' }),
  }),
  output: listOf(StoredEvent).extend({
    archived_until: timestamp
      .nullable()
      .meta({ description: 'older events lie in files; see /events/archives' }),
  }),
})

const about = {
  type: typePatterns.optional(),
  entity_type: text(100).optional().meta({ description: 'such as task, sprint or adr' }),
  entity_id: number,
  project_id: number,
  sprint_id: number,
  correlation_id: text(200).optional(),
  session_key: text(200)
    .optional()
    .meta({ description: 'what was done in this session alone; leave it out to see all' }),
  agent: text(200).optional(),
}

export const eventTimeline = command({
  name: 'event.timeline',
  summary: 'Read what happened as sentences, what one cause led to together; the newest first',
  scope: 'read',
  method: 'get',
  path: '/events/timeline',
  tool: 'orchestration_timeline',
  cli: 'events timeline',
  query: z.object({
    cursor: page.cursor,
    limit: page.limit.meta({ description: 'events, not entries' }),
    order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'desc: the newest first' }),
    ...about,
    since: momentText.optional().meta({ description: 'emitted then or later' }),
    until: momentText.optional().meta({ description: 'emitted before then' }),
  }),
  output: listOf(TimelineEntry),
})

export const mostDays = 92

export const eventStats = command({
  name: 'event.stats',
  summary: 'Count events by type, agent and day',
  scope: 'read',
  method: 'get',
  path: '/events/stats',
  cli: 'events stats',
  query: z.object({
    since: momentText.optional().meta({ description: 'default: 7 days before until' }),
    until: momentText
      .optional()
      .meta({ description: `default: now; at most ${mostDays} days after since` }),
    ...about,
  }),
  output: EventStats,
})

export const sessionActivity = command({
  name: 'session.activity',
  summary: 'Say what a work session did: tasks, moves, notes, how long',
  scope: 'read',
  method: 'get',
  path: '/sessions/:session_key/activity',
  cli: 'session activity',
  params: z.object({ session_key: text(200).min(1) }),
  output: z
    .object({
      session_key: text(),
      session: Session.nullable().meta({ description: 'null where only its events are known' }),
      memory: Memory.nullable(),
      ...activity,
    })
    .meta({ id: 'SessionActivity' }),
})

export const correlationActivity = command({
  name: 'correlation.activity',
  summary: 'Say what one cause led to: a request, the flow it started and all that followed',
  scope: 'read',
  method: 'get',
  path: '/correlations/:correlation_id',
  params: z.object({ correlation_id: text(200).min(1) }),
  output: z.object({ correlation_id: text(), ...activity }).meta({ id: 'CorrelationActivity' }),
})
