import type { z } from 'zod'
import type { StoredEvent } from '../entities/event.ts'
import { catalogue, type EventType, type Payload } from '../events/catalogue.ts'

/** What the things of an event are called; null where there is no such thing, or no longer. */
export interface EventNames {
  project: string | null
  sprint: string | null
  protocol_run: string | null
  task: string | null
}

/** A message of Slack's incoming webhooks: `text` is what a notification shows. */
export interface SlackMessage {
  text: string
  blocks: { type: string; [field: string]: unknown }[]
}

/** One line about an event, and below it where, by whom and when. */
export function slackMessage(event: StoredEvent, names: EventNames): SlackMessage {
  const text = lineOf(event, names)
  const seconds = Math.floor(Date.parse(event.emitted_at) / 1000)
  const about = [
    names.project === null ? null : plain(names.project),
    plain(event.actor),
    `<!date^${seconds}^{date_short_pretty} {time}|${event.emitted_at}>`,
  ]
  return {
    text,
    blocks: [
      { type: 'section', text: mrkdwn(text) },
      { type: 'context', elements: [mrkdwn(about.filter((it) => it !== null).join(' · '))] },
    ],
  }
}

/** Verbatim: Slack makes no links, channels or people of what the text happens to contain. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true })

/** Slack takes 3,000 characters of text in a block. */
const longest = 500

/** Any text as Slack shows it: the three characters that mean something to it, escaped. */
export function plain(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const cut = line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
/** The same in bold, without the stars that would end it. */
const bold = (text: string) => `*${plain(text).replaceAll('*', '∗')}*`

function lineOf(event: StoredEvent, names: EventNames): string {
  const entity = `${event.entity_type.replaceAll('_', ' ')} ${event.entity_id}`
  const type = event.type as EventType
  const line = Object.hasOwn(lines, type) ? (lines[type] as Line) : null
  const payload = line && (catalogue[type] as z.ZodType).safeParse(event.payload)
  if (!line || !payload?.success) return `${bold(event.type)} · ${plain(entity)}`
  const sprint = bold(names.sprint ?? entity)
  return line(payload.data, {
    sprint,
    task: bold(names.task ?? entity),
    run: bold(names.protocol_run ?? entity),
    inSprint: names.sprint === null ? '' : ` in ${sprint}`,
  })
}

interface Named {
  sprint: string
  task: string
  run: string
  inSprint: string
}

const words = (status: string) => plain(status.replaceAll('_', ' '))
const points = (count: number) => (count === 1 ? '1 point' : `${count} points`)
const because = (reason: string | null) => (reason === null ? '' : `: ${plain(reason)}`)
const stepLine =
  (what: string) =>
  (step: Payload<'step.started'>, { run }: Named) =>
    `Step ${bold(step.step_name)} of ${run} ${what}${because(step.reason)}`

type Line = (payload: unknown, names: Named) => string

/** The lines that people read; every other type gets one made of its name. */
const lines: { [T in EventType]?: (payload: Payload<T>, names: Named) => string } = {
  'sprint.created': (_, { sprint }) => `Sprint ${sprint} was made`,
  'sprint.started': ({ committed_points, committed_tasks }, { sprint }) =>
    `Sprint ${sprint} has started with ${points(committed_points)} in ${committed_tasks.length} tasks`,
  'sprint.completed': (report, { sprint }) => {
    const carried = report.carried_over.length
    return [
      `Sprint ${sprint} is completed: ${points(report.completed_points)} done, ${report.committed_points} committed`,
      report.say_do === null ? '' : `, say/do ${Math.round(report.say_do * 100)} %`,
      carried === 0 ? '' : `, ${carried} carried over (${points(report.carried_over_points)})`,
    ].join('')
  },
  'sprint.failed': ({ reason }, { sprint }) => `Sprint ${sprint} has failed${because(reason)}`,
  'sprint.reopened': ({ reason }, { sprint }) => `Sprint ${sprint} is open again${because(reason)}`,
  'sprint.velocity_updated': ({ completed_points, total_points }, { sprint }) =>
    `Sprint ${sprint}: ${completed_points} of ${points(total_points)} done`,
  'task.created': (_, { task, inSprint }) => `New task ${task}${inSprint}`,
  'task.status_changed': ({ from, to, reason }, { task, inSprint }) =>
    `${task}${inSprint} went from ${words(from)} to ${words(to)}${because(reason)}`,
  'spec.tasks_imported': ({ created, updated, archived, conflicts }, { inSprint }) =>
    `Tasks were imported${inSprint}: ${created} new, ${updated} changed, ${archived} archived, ${conflicts} in conflict`,
  'protocol.status_changed': ({ from, to }, { run }) =>
    `Run ${run} went from ${words(from)} to ${words(to)}`,
  'step.completed': stepLine('is completed'),
  'step.failed': stepLine('failed'),
  'step.blocked': stepLine('is blocked'),
  'step.timed_out': stepLine('timed out'),
  'conflict.recorded': ({ field, source }, { task }) =>
    `${task}: ${words(field)} differs between board and ${source}`,
  'alert.raised': ({ rule, detail }) => `Alert ${bold(rule)}${because(detail)}`,
  'alert.cleared': ({ rule, subject }) => `Alert ${bold(rule)} is over${because(subject)}`,
  'delivery.parked': ({ handler, event_type, error }) =>
    `The handler ${bold(handler)} gave up ${plain(event_type)}${because(error)}`,
  'webhook.parked': ({ messages, error }) =>
    `${messages === 1 ? 'A webhook message was' : `${messages} webhook messages were`} given up: ${plain(error)}`,
  'webhook.tested': () => 'This is a test message: it works',
}
