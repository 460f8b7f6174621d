import type * as z from 'zod'
import type { StoredEvent } from '../entities/event.ts'
import { catalogue, type EventType, type Payload } from './catalogue.ts'

/** What the things of an event are called; null where there is no such thing, or no longer. */
export interface EventNames {
  project: string | null
  sprint: string | null
  protocol_run: string | null
  task: string | null
}

/** How a surface writes what it is told: text as it is, and what something is called. */
interface Style {
  text(text: string): string
  name(text: string): string
}

interface Named {
  sprint: string
  task: string
  run: string
  inSprint: string
}
type Sentences = { [T in EventType]?: (payload: Payload<T>, names: Named) => string }
type Sentence = (payload: unknown, names: Named) => string

type Told = Pick<StoredEvent, 'type' | 'entity_type' | 'entity_id' | 'payload'>

/** One sentence about an event, in the style of a surface. */
export function tellingIn(style: Style): (event: Told, names: EventNames) => string {
  const sentences = sentencesIn(style)
  return (event, names) => {
    const entity = `${event.entity_type.replaceAll('_', ' ')} ${event.entity_id}`
    const type = event.type as EventType
    const sentence = Object.hasOwn(sentences, type) ? (sentences[type] as Sentence) : null
    const payload = sentence && (catalogue[type] as z.ZodType).safeParse(event.payload)
    if (!sentence || !payload?.success) {
      return `${style.name(event.type)} · ${style.text(calledNow(event, names) ?? entity)}`
    }
    const sprint = style.name(names.sprint ?? entity)
    return sentence(payload.data, {
      sprint,
      task: style.name(names.task ?? entity),
      run: style.name(names.protocol_run ?? entity),
      inSprint: names.sprint === null ? '' : ` in ${sprint}`,
    })
  }
}

const calledNow = ({ entity_type }: Told, names: EventNames): string | null =>
  ({ task: names.task, sprint: names.sprint, protocol_run: names.protocol_run })[entity_type] ??
  null

/** Fields that changed, as a list; what is noted beside them is no news. */
const fieldsOf = (changes: object) =>
  Object.keys(changes)
    .filter((field) => field !== 'hand_set')
    .join(', ')
    .replaceAll('_', ' ')
const points = (count: number) => (count === 1 ? '1 point' : `${count} points`)
const adr = (number: number) => `ADR ${number}`

/** The sentences that people read; every other type gets one made of its name. */
function sentencesIn({ text, name }: Style): Sentences {
  const words = (status: string) => text(status.replaceAll('_', ' '))
  const because = (reason: string | null) => (reason === null ? '' : `: ${text(reason)}`)
  const stepLine =
    (what: string) =>
    (step: Payload<'step.started'>, { run }: Named) =>
      `Step ${name(step.step_name)} of ${run} ${what}${because(step.reason)}`
  return {
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
    'sprint.reopened': ({ reason }, { sprint }) =>
      `Sprint ${sprint} is open again${because(reason)}`,
    'sprint.velocity_updated': ({ completed_points, total_points }, { sprint }) =>
      `Sprint ${sprint}: ${completed_points} of ${points(total_points)} done`,
    'task.created': (_, { task, inSprint }) => `New task ${task}${inSprint}`,
    'task.status_changed': ({ from, to, reason }, { task, inSprint }) =>
      `${task}${inSprint} went from ${words(from)} to ${words(to)}${because(reason)}`,
    'task.updated': ({ changes }, { task }) => `${task}: ${fieldsOf(changes)} changed`,
    'task.estimated': ({ to }, { task }) =>
      to === null ? `${task} has no estimate any more` : `${task} is estimated at ${points(to)}`,
    'task.rolled_back': ({ to }, { task }) => `${task} was rolled back to revision ${to}`,
    'sprint.rolled_back': ({ to }, { sprint }) =>
      `Sprint ${sprint} was rolled back to revision ${to}`,
    'work.undone': ({ correlation_id, restored, archived }) =>
      `The work under ${text(correlation_id)} was undone: ${restored} given back, ${archived} archived`,
    'work.replayed': ({ session_key, changed, skipped }) =>
      `The work of session ${text(session_key)} was replayed: ${changed} changed, ${skipped} left as they are`,
    'file.synced': ({ path, direction, fields }) =>
      direction === 'to_database'
        ? `${text(fields.join(', '))} came from ${text(path)}`
        : `${text(path)} was written`,
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
    'alert.raised': ({ rule, detail }) => `Alert ${name(rule)}${because(detail)}`,
    'alert.cleared': ({ rule, subject }) => `Alert ${name(rule)} is over${because(subject)}`,
    'delivery.parked': ({ handler, event_type, error }) =>
      `The handler ${name(handler)} gave up ${text(event_type)}${because(error)}`,
    'webhook.parked': ({ messages, error }) =>
      `${messages === 1 ? 'A webhook message was' : `${messages} webhook messages were`} given up: ${text(error)}`,
    'task.noted': ({ note, board_status }, { task }) =>
      `${task}, ${words(board_status)}${because(note)}`,
    'bug.reported': ({ code, title, path }) =>
      `Bug ${name(`${code} ${title}`)} was reported (${text(path)})`,
    'adr.created': ({ number, title, status }) =>
      `${adr(number)} ${name(title)} was written down, ${status}`,
    'adr.superseded': ({ number, title, by }) =>
      `${adr(number)} ${name(title)} is superseded by ${adr(by)}`,
    'agent.initialized': ({ agent, resumed }) =>
      `${name(agent)} ${resumed ? 'goes on with its work' : 'begins work'}`,
    'context.assembled': ({ agent, tokens }) =>
      `${name(agent)} was told all it needs, with ${tokens} tokens of documents`,
    'session.started': ({ agent }) => `${name(agent)} began a session`,
    'session.resumed': ({ agent }) => `${name(agent)} took up the session`,
    'session.noted': ({ kind }) => `A ${kind} was noted in the session`,
    'session.ended': () => 'The session was ended',
    'session.expired': () => 'The session expired: nothing was done in it for too long',
    'session.handed_off': ({ to_agent }) => `The work was handed to ${name(to_agent)}`,
    'task.claimed': ({ agent }, { task, inSprint }) => `${name(agent)} took ${task}${inSprint}`,
    'task.released': ({ agent, why }, { task }) => `${name(agent)} let go of ${task}: ${why}`,
    'task.claim_expired': ({ agent }, { task }) =>
      `The claim of ${name(agent)} on ${task} lapsed; it may be taken again`,
    'webhook.tested': () => 'This is a test message: it works',
  }
}
