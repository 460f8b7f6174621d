import type { Priority, Task } from '../../api/types.ts'
import { type ColumnStatus, columnOrder } from '../../scrum/columns.ts'
import { storiesOf } from '../../scrum/stories.ts'
import { priorities, taskTypes } from '../../scrum/task-fields.ts'

/** What a card has to be to be shown: one of each list that is not empty, and all the rest. */
export interface Filter {
  text: string
  status: readonly ColumnStatus[]
  /** Names; the empty one stands for nobody. */
  assignee: readonly string[]
  priority: readonly Priority[]
  label: readonly string[]
  type: readonly TaskType[]
  story: readonly string[]
  blocked: boolean
  mine: boolean
  conflict: boolean
}
type TaskType = Task['type']

export const everything: Filter = {
  text: '',
  status: [],
  assignee: [],
  priority: [],
  label: [],
  type: [],
  story: [],
  blocked: false,
  mine: false,
  conflict: false,
}

export const lists = ['status', 'assignee', 'priority', 'label', 'type', 'story'] as const
export const switches = ['blocked', 'mine', 'conflict'] as const
export type ListName = (typeof lists)[number]
export type SwitchName = (typeof switches)[number]

/** The values of the lists that have a fixed set; the others take any. */
export const known: { [L in ListName]?: readonly string[] } = {
  status: columnOrder,
  priority: priorities,
  type: taskTypes,
}

/** A part of an address that names nothing: it filters nothing, and is said to. */
export interface Unknown {
  name: string
  value: string
}

/** The filter of an address: `q`, a parameter per value of a list, and `=1` for a switch. */
export function filterFromQuery(query: URLSearchParams): { filter: Filter; unknown: Unknown[] } {
  const unknown: Unknown[] = []
  const valuesOf = (name: ListName) => {
    const values = [...new Set(query.getAll(name))]
    const allowed = known[name]
    const fits = (value: string) =>
      allowed ? allowed.includes(value) : value !== '' || name === 'assignee'
    unknown.push(...values.filter((it) => !fits(it)).map((value) => ({ name, value })))
    return values.filter(fits)
  }
  const isOn = (name: SwitchName) => {
    const value = query.get(name)
    if (value !== null && value !== '1') unknown.push({ name, value })
    return value === '1'
  }
  const given = Object.fromEntries(lists.map((name) => [name, valuesOf(name)]))
  const on = Object.fromEntries(switches.map((name) => [name, isOn(name)]))
  return { filter: { ...everything, ...given, ...on, text: query.get('q') ?? '' }, unknown }
}

/** The address with this filter in place of its own; whatever else it says stays. */
export function queryOf(filter: Filter, rest = new URLSearchParams()): URLSearchParams {
  const query = new URLSearchParams(rest)
  for (const name of ['q', ...lists, ...switches]) query.delete(name)
  if (filter.text.trim() !== '') query.set('q', filter.text)
  for (const name of lists) for (const value of filter[name]) query.append(name, value)
  for (const name of switches) if (filter[name]) query.set(name, '1')
  return query
}

export const isEverything = (filter: Filter): boolean => queryOf(filter).size === 0

export interface Circumstances {
  /** Who looks; “mine” are the cards assigned to that name. */
  me: string
  /** Ids of the cards with an open conflict. */
  conflicted: ReadonlySet<number>
}

/** The cards that fit, in the order they came. Answers the same array where all of them do. */
export function filterTasks(
  tasks: readonly Task[],
  filter: Filter,
  { me, conflicted }: Circumstances,
): readonly Task[] {
  if (isEverything(filter)) return tasks
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = (name: ListName, values: readonly string[]) =>
    filter[name].length === 0 || values.some((it) => (filter[name] as string[]).includes(it))
  return tasks.filter((task) => {
    const searched = `${task.external_id ?? ''} ${task.code} ${task.title}`.toLowerCase()
    return (
      words.every((word) => searched.includes(word)) &&
      wanted('status', [task.board_status]) &&
      wanted('assignee', [task.assignee ?? '']) &&
      wanted('priority', [task.priority]) &&
      wanted('label', task.labels) &&
      wanted('type', [task.type]) &&
      wanted('story', storiesOf(task)) &&
      (!filter.blocked || task.board_status === 'blocked') &&
      (!filter.mine || task.assignee?.toLowerCase() === me.toLowerCase()) &&
      (!filter.conflict || conflicted.has(task.id))
    )
  })
}

/** The filter with a value of a list put in, or taken out where it was. */
export function toggled(filter: Filter, name: ListName, value: string): Filter {
  const values: readonly string[] = filter[name]
  const next = values.includes(value) ? values.filter((it) => it !== value) : [...values, value]
  return { ...filter, [name]: next }
}
