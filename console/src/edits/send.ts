import { Problem } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { Task } from '../api/types.ts'
import type { TaskChanges } from './changes.ts'
import { type Entry, taskIdsOf } from './entry.ts'
import type { Answer, Failure } from './outbox.ts'

/** A server that keeps a connection open and says nothing is away (ms). */
const patience = 20_000

/** The call that carries an entry. */
export function callOf(entry: Entry): { method: 'PATCH' | 'POST'; path: string; body: object } {
  const { items, place } = entry
  const [first] = items
  if (first === undefined) throw new Error('an edit without a task')
  const { changes, expected } = first
  if (place !== null) {
    const { position: _, ...others } = changes as TaskChanges
    const seenAlike = items.every((it) => JSON.stringify(it.expected) === JSON.stringify(expected))
    return {
      method: 'POST',
      path: '/tasks/actions/place',
      body: {
        task_ids: taskIdsOf(entry),
        ...(place.before === undefined ? {} : { before_task_id: place.before }),
        ...(place.after === undefined ? {} : { after_task_id: place.after }),
        ...others,
        ...(seenAlike ? { expected } : {}),
      },
    }
  }
  if (items.length > 1) {
    const body = { task_ids: taskIdsOf(entry), changes, expected }
    return { method: 'POST', path: '/tasks/actions/update', body }
  }
  return { method: 'PATCH', path: `/tasks/${first.task.id}`, body: { ...changes, expected } }
}

export async function send(entry: Entry): Promise<Answer> {
  const { method, path, body } = callOf(entry)
  const answer: unknown = await request(method, path, {
    body,
    idempotencyKey: entry.key,
    signal: AbortSignal.timeout(patience),
  })
  if (method === 'POST') {
    const { updated, refused = [], warnings } = answer as Answer & { refused?: Answer['refused'] }
    return { updated, refused, warnings }
  }
  const { warnings, ...task } = answer as Task & { warnings: string[] }
  return {
    updated: [task],
    refused: [],
    warnings: warnings.map((detail) => ({ task_id: task.id, detail })),
  }
}

/** No answer, or one that says that nobody is there now: nothing is known, so it is tried again. */
const passing = [0, 408, 429, 502, 503, 504]

export function failureOf(error: unknown): Failure {
  if (error instanceof DOMException) return { kind: 'away' }
  if (!(error instanceof Problem)) {
    return { kind: 'refused', rule: undefined, detail: String(error) }
  }
  if (passing.includes(error.status)) return { kind: 'away' }
  if (error.status === 401) return { kind: 'signed-out' }
  const id = error.status >= 500 && error.requestId ? ` Request ${error.requestId}.` : ''
  // The message of a whole call names the fields as the API does; people are told by the field.
  const said = error.fields.map(({ message }) => message).join(' ') || error.message
  return { kind: 'refused', rule: error.rule, detail: `${said}${id}` }
}
