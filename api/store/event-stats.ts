import type { EventFilter } from '../core/events/filter.ts'
import type { Db } from './database.ts'
import { matching } from './events.ts'

interface Span {
  since: string
  until: string
  timeZone: string
}

/** One of `type`, `agent` and `date`, with how many events there are of it; `of` says which. */
interface Count {
  of: 'type' | 'agent' | 'date'
  type: string | null
  agent: string | null
  date: string | null
  count: number
}

/** Counts events by type, by agent and by day, in one pass over them. */
export async function countEvents(
  db: Db,
  filter: EventFilter,
  { since, until, timeZone }: Span,
): Promise<Count[]> {
  return db<Count[]>`
    with told as (
      select type, agent, (emitted_at at time zone ${timeZone})::date as day, count(*) as count
      from events
      where emitted_at >= ${since} and emitted_at < ${until} and (${matching(db, filter)})
      group by type, agent, day
    )
    select case when grouping(type) = 0 then 'type'
        when grouping(agent) = 0 then 'agent' else 'date' end as of,
      type, agent, day::text as date, sum(count)::bigint as count
    from told group by grouping sets ((type), (agent), (day))
    order by count desc, type, agent, day`
}
