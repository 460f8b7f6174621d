import { eventStats as command, mostDays } from '../../commands/events.ts'
import { found, invalid } from '../../core/errors.ts'
import { levelOf } from '../../core/events/levels.ts'
import { calendarOf } from '../../core/metrics/calendar.ts'
import { archivedUntil } from '../../store/archive.ts'
import { nowOf } from '../../store/database.ts'
import { countEvents } from '../../store/event-stats.ts'
import { findProject } from '../../store/projects.ts'
import { query } from '../query.ts'
import { refuseArchivedSince } from './archived.ts'

const day = 24 * 60 * 60 * 1000
const mostAgents = 100

export const eventStats = query(command, async ({ db }, asked) => {
  const { since: from, until: to, ...filter } = asked
  if (filter.entity_id !== undefined && filter.entity_type === undefined) {
    throw invalid('entity_type', 'entity', 'is required where entity_id is given')
  }
  const until = to ?? (await nowOf(db))
  const since = from ?? new Date(Date.parse(until) - 7 * day).toISOString()
  if (until <= since) throw invalid('until', 'until_after_since', 'must lie after since')
  if (Date.parse(until) - Date.parse(since) > mostDays * day) {
    throw invalid('since', 'span', `must lie at most ${mostDays} days before until (${until})`)
  }
  refuseArchivedSince(since, await archivedUntil(db))
  const project =
    filter.project_id === undefined
      ? null
      : found(await findProject(db, filter.project_id), 'project', filter.project_id)
  const { timeZone } = calendarOf(project?.settings ?? {})
  const counts = await countEvents(db, filter, { since, until, timeZone })
  const by = (of: 'type' | 'agent' | 'date') => counts.filter((it) => it.of === of)
  const dates = by('date').map(({ date, count }) => ({ date: date ?? '', count }))
  return {
    ...{ since, until, time_zone: timeZone },
    total: dates.reduce((sum, { count }) => sum + count, 0),
    by_type: by('type').map(({ type, count }) => ({
      ...{ type: type ?? '', level: levelOf(type ?? ''), count },
    })),
    by_agent: by('agent')
      .slice(0, mostAgents)
      .map(({ agent, count }) => ({ agent, count })),
    by_day: dates.sort((a, b) => (a.date < b.date ? -1 : 1)),
  }
})
