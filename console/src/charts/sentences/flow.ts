import type { Flow } from '../../api/types.ts'
import { count } from '../../format/words.ts'
import { columnNames } from '../../scrum/columns.ts'
import { duration, figure, listed } from './amounts.ts'

/** Columns of a cumulative flow, from the bottom of the picture to its top. */
export const bands = [
  'done',
  'testing',
  'review',
  'blocked',
  'in_progress',
  'todo',
  'backlog',
] as const
export type Band = (typeof bands)[number]
const inWork = ['in_progress', 'review', 'testing', 'blocked'] as const

export function flowSentence(flow: Flow): string {
  const last = flow.days.at(-1)
  if (last === undefined) return flow.reason ?? 'There is nothing to draw yet.'
  const wip = last.work_in_progress
  const parts = inWork
    .filter((status) => last[status] > 0)
    .map((status) => `${last[status]} ${columnNames[status].toLowerCase()}`)
  const work =
    wip === 0
      ? 'No card is in work'
      : `${count(wip, 'card')} ${wip === 1 ? 'is' : 'are'} in work (${listed(parts)})`
  const days = flow.days.length
  const rate = days > 1 && flow.finished > 0 ? `, ${figure(flow.finished / days)} a day` : ''
  return `${work}; ${count(flow.finished, 'card')} ${flow.finished === 1 ? 'was' : 'were'} finished in ${count(days, 'day')}${rate}.`
}

export function cycleSentence({
  service_level,
  cycle_time_percentiles,
  cycle_times,
}: Flow): string {
  const untimed = cycle_times.filter(({ days }) => days === null).length
  if (service_level === null || cycle_time_percentiles === null) {
    return untimed === 0
      ? 'No card has been finished in this time, so there is no cycle time yet.'
      : `${count(untimed, 'card')} ${untimed === 1 ? 'was' : 'were'} done without having been started, so there is no cycle time yet.`
  }
  const half = duration(cycle_time_percentiles.p50)
  const without =
    untimed > 0
      ? `; ${count(untimed, 'card')} done without a start ${untimed === 1 ? 'is' : 'are'} left out`
      : ''
  return `${service_level.percent} % of cards were done within ${count(service_level.days, 'day')} of their start, half of them within ${half}${without}.`
}

export function agesSentence({ ages, service_level }: Flow): string {
  const [oldest] = ages
  if (oldest === undefined) return 'No card is in work now.'
  const cards = count(ages.length, 'card')
  const named = `the oldest, ${oldest.code}, for ${duration(oldest.days)}`
  if (service_level === null)
    return `${cards} ${ages.length === 1 ? 'is' : 'are'} in work, ${named}.`
  const late = ages.filter(({ days }) => days > service_level.days).length
  const compared =
    late === 0 ? 'none of them' : late === ages.length && late > 1 ? 'all of them' : String(late)
  return `${cards} ${ages.length === 1 ? 'is' : 'are'} in work, ${compared} for longer than the ${count(service_level.days, 'day')} that ${service_level.percent} % of cards took; ${named}.`
}
