import type { Task } from '../../api/types.ts'
import { spoken } from '../../format/words.ts'
import { columnNames } from '../../scrum/columns.ts'
import { storiesOf } from '../../scrum/stories.ts'
import {
  type Filter,
  known,
  type ListName,
  lists,
  type SwitchName,
  switches,
  toggled,
} from './filter.ts'

export const listNames: Record<ListName, string> = {
  status: 'Column',
  assignee: 'Assignee',
  priority: 'Priority',
  label: 'Label',
  type: 'Type',
  story: 'User story',
}
export const switchNames: Record<SwitchName, string> = {
  blocked: 'Blocked only',
  mine: 'Mine',
  conflict: 'Has a conflict',
}

/** Something a filter can ask for. */
export interface Option {
  key: string
  group: string
  text: string
  /** How many cards of the sprint are so; undefined where that is not known here. */
  cards: number | undefined
  isOn: boolean
  /** The filter with this asked for, or no longer. */
  toggled: Filter
}

export function valueText(name: ListName, value: string): string {
  if (name === 'status') return columnNames[value as keyof typeof columnNames]
  if (name === 'assignee' && value === '') return 'nobody'
  return known[name] ? spoken(value) : value
}

const valuesOf: Record<ListName, (task: Task) => readonly string[]> = {
  status: (task) => [task.board_status],
  assignee: (task) => [task.assignee ?? ''],
  priority: (task) => [task.priority],
  // Those that name stories stand under these.
  label: (task) => task.labels.filter((it) => storiesOf({ labels: [it] }).length === 0),
  type: (task) => [task.type],
  story: storiesOf,
}

/** All that can be asked of these cards, by group; what is asked for already stays among it. */
export function optionsOf(tasks: readonly Task[], filter: Filter): Option[] {
  const ofSwitches = switches.map((name) => ({
    key: name,
    group: 'Only',
    text: switchNames[name],
    cards: undefined,
    isOn: filter[name],
    toggled: { ...filter, [name]: !filter[name] },
  }))
  const ofLists = lists.flatMap((name) => {
    const counts = new Map<string, number>((known[name] ?? []).map((value) => [value, 0]))
    for (const task of tasks) {
      for (const value of valuesOf[name](task)) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    for (const value of filter[name]) counts.set(value, counts.get(value) ?? 0)
    const values = known[name] ? [...counts] : [...counts].toSorted(byName)
    return values.map(([value, cards]) => ({
      key: `${name} ${value}`,
      group: listNames[name],
      text: valueText(name, value),
      cards,
      isOn: (filter[name] as readonly string[]).includes(value),
      toggled: toggled(filter, name, value),
    }))
  })
  return [...ofSwitches, ...ofLists]
}

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const byName = ([a]: [string, number], [b]: [string, number]) => order.compare(a, b)
