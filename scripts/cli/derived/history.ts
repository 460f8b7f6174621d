import { table } from '../print.ts'

interface Timeline {
  items: {
    correlation_id: string
    began_at: string
    events: { at: string; text: string; actor: string; agent: string | null }[]
  }[]
  next_cursor: string | null
}

/** What one cause led to stands together, a sentence a line. */
export function timelineText(answer: unknown): string {
  const { items, next_cursor } = answer as Timeline
  if (items.length === 0) return 'Nothing happened.'
  const told = items.map(({ correlation_id, events }) => {
    const lines = events.map(
      ({ at, text, actor, agent }) => `  ${minute(at)}  ${text}  (${agent ?? actor})`,
    )
    return [correlation_id, ...lines].join('\n')
  })
  return [...told, ...(next_cursor ? [`More: --cursor ${next_cursor}`] : [])].join('\n\n')
}

const minute = (at: string) => at.slice(0, 16).replace('T', ' ')

interface Stats {
  since: string
  until: string
  time_zone: string
  total: number
  by_type: { type: string; level: string; count: number }[]
  by_agent: { agent: string | null; count: number }[]
  by_day: { date: string; count: number }[]
}

export function statsText(answer: unknown): string {
  const { since, until, time_zone, total, by_type, by_agent, by_day } = answer as Stats
  const span = `${total} events from ${minute(since)} to ${minute(until)} (UTC).`
  if (total === 0) return span
  return [
    span,
    table(
      ['TYPE', 'LEVEL', 'EVENTS'],
      by_type.map((it) => [it.type, it.level, it.count]),
    ),
    table(
      ['AGENT', 'EVENTS'],
      by_agent.map((it) => [it.agent, it.count]),
    ),
    table(
      [`DAY (${time_zone})`, 'EVENTS'],
      by_day.map((it) => [it.date, it.count]),
    ),
  ].join('\n\n')
}
