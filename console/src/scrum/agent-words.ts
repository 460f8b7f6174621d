import type { StoredEvent } from '../api/types.ts'
import { count } from '../format/words.ts'
import { fieldName } from './task-fields.ts'

type Payload = StoredEvent['payload']

const quoted = (value: unknown) => `“${String(value)}”`
const noted: Record<string, string> = {
  note: 'Left a note',
  decision: 'Noted a decision',
  question: 'Asked a question',
}
const released: Record<string, string> = {
  released: 'it was given back',
  moved: 'somebody else moved the card',
  finished: 'the task is done',
}
const listed = (value: unknown) => (Array.isArray(value) ? value : [])
const rolledBack = ({ to }: Payload) => `Rolled back to revision ${to}`

/** What agents do, and what becomes of their work, as people read it: by type of event. */
export const agentWords: Readonly<Record<string, (payload: Payload) => string>> = {
  'agent.initialized': ({ agent, resumed }) => `${agent} ${resumed ? 'goes on' : 'begins'}`,
  'context.assembled': ({ agent, tokens }) =>
    `${agent} was told all it needs, with ${count(Number(tokens), 'token')} of documents`,
  'session.started': ({ agent }) => `${agent} began a session`,
  'session.resumed': ({ agent }) => `${agent} took up the session`,
  'session.noted': ({ kind }) => noted[String(kind)] ?? 'Left a note',
  'session.handed_off': ({ to_agent, claims }) => {
    const tasks = listed(claims).length
    return `Handed to ${to_agent}${tasks === 0 ? '' : ` with ${count(tasks, 'claimed task')}`}`
  },
  'session.ended': () => 'Ended the session',
  'session.expired': () => 'The session expired: nothing was done in it for too long',
  'task.claimed': ({ agent }) => `Claimed by ${agent}`,
  'task.released': ({ agent, why }) =>
    `The claim of ${agent} ended: ${released[String(why)] ?? String(why)}`,
  'task.claim_expired': ({ agent }) => `Free again: ${agent} was not heard of any more`,
  'task.noted': ({ note }) => `Noted: ${note}`,
  'task.rolled_back': rolledBack,
  'sprint.rolled_back': rolledBack,
  'work.undone': ({ restored, archived }) =>
    `Undid what was done under one correlation id: ${restored} given back, ${archived} archived`,
  'work.replayed': ({ changed, skipped }) =>
    `Replayed a session: ${changed} changed, ${skipped} left as they are`,
  'bug.reported': ({ code, title }) => `Reported bug ${code} ${quoted(title)}`,
  'adr.created': ({ number, title, status }) => `ADR ${number} ${quoted(title)}, ${status}`,
  'adr.superseded': ({ number, title, by }) =>
    `ADR ${number} ${quoted(title)} is superseded by ADR ${by}`,
  'file.synced': ({ path, direction, fields }) =>
    direction === 'to_database'
      ? `Took ${listed(fields)
          .map((it) => fieldName(String(it)))
          .join(', ')} from ${path}`
      : `Wrote ${path}`,
  'project.documents_stored': ({ stored, removed }) =>
    `Stored ${count(listed(stored).length, 'document')}, removed ${listed(removed).length}`,
}
