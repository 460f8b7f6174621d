import type { RevisionInHistory } from '../api/types.ts'
import { formatDay, formatMoment } from '../format/dates.ts'
import { capital, count, spoken } from '../format/words.ts'
import { columnNames } from '../scrum/columns.ts'
import { fieldName as cardFieldName, fieldValue } from '../scrum/task-fields.ts'

type Change = RevisionInHistory['changes'][number]
type Value = Change['to']

/** What a revision names by number, as people know it. */
export interface Names {
  sprint: (id: number) => string | undefined
  task: (id: number) => string | undefined
  timeZone: string | undefined
}

/** Nobody changes it for its own sake: it follows from what was changed. */
export const isAside = (field: string) => field === 'hand_set'

const names = new Map([
  ['depends_on', 'dependencies'],
  ['external_id', 'id in its file'],
  ['spec_id', 'spec'],
  ['protocol_run_id', 'run'],
  ['step_run_id', 'step'],
  ['velocity_planned', 'planned points'],
  ['hand_set', 'what was set by hand'],
])
export const fieldName = (field: string): string => names.get(field) ?? cardFieldName(field)

/** A value in full, as people write it: lists a line each; nothing is an empty text. */
export function valueText(field: string, value: Value, known: Names): string {
  if (value === null || value === '') return ''
  if (field === 'sprint_id') return known.sprint(Number(value)) ?? `sprint ${value}`
  if (field === 'depends_on' && Array.isArray(value)) {
    return value.map((it) => dependency(it, known)).join('\n')
  }
  if (field.endsWith('_date')) return formatDay(String(value), known.timeZone)
  if (field.endsWith('_at')) return formatMoment(String(value))
  if (field === 'status' || field === 'priority') return spoken(String(value))
  if (Array.isArray(value)) return value.map(String).join('\n')
  if (typeof value === 'object') return JSON.stringify(value, null, 2)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return fieldValue(field, value)
}

function dependency(edge: Value, known: Names): string {
  const { depends_on_id, kind } = edge as { depends_on_id: number; kind: string }
  return `${known.task(depends_on_id) ?? `task ${depends_on_id}`}${kind === 'hard' ? '' : `, ${kind}`}`
}

/** Said first, whatever else has changed. */
const first = ['board_status', 'status', 'sprint_id']
const mostPhrases = 3

/** What a revision changed, in one sentence. */
export function revisionWords(
  { number, fields, changes }: Pick<RevisionInHistory, 'number' | 'fields' | 'changes'>,
  known: Names,
): string {
  if (number === 1) return 'Created'
  // The code stays for life.
  if (fields.includes('code')) return 'Deleted'
  const rest = fields.filter((it) => !first.includes(it) && !isAside(it) && !isSaid(it, fields))
  const told = [...first.filter((it) => fields.includes(it)), ...rest]
  if (told.length === 0) {
    return fields.includes('position') ? 'Moved within its column' : 'Marked what was set by hand'
  }
  const phrases = told.map((field) => {
    const change = changes.find((it) => it.field === field)
    return change ? phrase(change, changes, known) : `${fieldName(field)} changed`
  })
  const more = phrases.length - mostPhrases
  const shown = more > 0 ? [...phrases.slice(0, mostPhrases), count(more, 'more field')] : phrases
  return capital(shown.join(', '))
}

/** With what else was changed, or by the sentence as a whole. */
function isSaid(field: string, fields: readonly string[]): boolean {
  if (field === 'position') return true
  if (field === 'blocked_reason') return fields.includes('board_status')
  return field.endsWith('_at') && fields.includes('status')
}

function phrase({ field, from, to }: Change, changes: readonly Change[], known: Names): string {
  if (field === 'board_status') return move(String(from), String(to), changes)
  if (field === 'status') return `went from ${spoken(String(from))} to ${spoken(String(to))}`
  if (field === 'skipped') return to === true ? 'skipped' : 'no longer skipped'
  if (field === 'sprint_id') {
    return to === null ? 'put into the backlog' : `put into ${valueText(field, to, known)}`
  }
  const name = fieldName(field)
  if (field !== 'labels' && [from, to].some((it) => it !== null && typeof it === 'object')) {
    return `${name} changed`
  }
  const [was, is] = [inLine(field, from, known), inLine(field, to, known)]
  if (is === '') return `no ${name}`
  return was === '' || isText(field) ? `${name} ${is}` : `${name} from ${was} to ${is}`
}

/** Its new words say enough in a line: an opened revision shows the old ones too. */
const isText = (field: string) => ['title', 'name', 'goal', 'description'].includes(field)

function inLine(field: string, value: Value, known: Names): string {
  const text = valueText(field, value, known).replaceAll('\n', ', ')
  return isText(field) && text !== '' ? `“${text}”` : text
}

function move(from: string, to: string, changes: readonly Change[]): string {
  const [was, is] = [from, to].map((it) => columnNames[it as keyof typeof columnNames] ?? it)
  if (to === 'archived') return 'archived'
  if (from === 'archived') return `taken out of the archive, to ${is}`
  const reason = changes.find(({ field }) => field === 'blocked_reason')?.to
  return `moved from ${was} to ${is}${reason ? `: ${reason}` : ''}`
}
