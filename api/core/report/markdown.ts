import type { ReportedCard, ReportedCards, StatusReport } from '../entities/status-report.ts'

/** A status report as people read it: the same figures, nothing else. */
export function statusMarkdown(report: StatusReport): string {
  const { project, sprint, metrics, decisions } = report
  const title = sprint ? `${sprint.code} ${line(sprint.name)}` : line(project)
  return [
    `# Status of ${title}`,
    '',
    `${sprint ? `${line(project)}, sprint ${sprint.status}. ` : ''}Since ${minute(report.since)}, as of ${minute(report.as_of)} (UTC).`,
    '',
    ...(sprint?.goal ? [`Goal: ${line(sprint.goal)}`, ''] : []),
    ...list('Done', report.done),
    ...list('In progress', report.in_progress),
    ...list('Blocked', report.blocked, ({ blocked_reason }) =>
      blocked_reason ? `: ${line(blocked_reason)}` : '',
    ),
    ...list('Next', report.next),
    ...(report.waiting > 0 ? [`${tasks(report.waiting)} to do wait for others.`, ''] : []),
    '## Metrics',
    '',
    ...figures(metrics),
    '',
    ...(decisions.count === 0
      ? []
      : [
          `## Decisions (${decisions.count})`,
          '',
          ...decisions.adrs.map((adr) => `- ADR ${adr.number} ${line(adr.title)}: ${adr.status}`),
          ...left(decisions.count - decisions.adrs.length),
          '',
        ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

const line = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
const minute = (at: string) => at.slice(0, 16).replace('T', ' ')
const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`
const points = (count: number) => counted(count, 'point')
const tasks = (count: number) => counted(count, 'task')
const left = (count: number) => (count > 0 ? [`- … and ${count} more`] : [])

function list(
  heading: string,
  { count, points: sum, tasks: shown }: ReportedCards,
  more: (card: ReportedCard) => string = () => '',
): string[] {
  if (count === 0) return [`## ${heading} (0)`, '', 'Nothing.', '']
  return [
    `## ${heading} (${count}, ${points(sum)})`,
    '',
    ...shown.map((card) => `- ${card.code} ${line(card.title)}${facts(card)}${more(card)}`),
    ...left(count - shown.length),
    '',
  ]
}

function facts({ story_points, priority, assignee, board_status }: ReportedCard): string {
  const told = [
    story_points === null ? null : points(story_points),
    ['critical', 'high'].includes(priority) ? priority : null,
    ['review', 'testing'].includes(board_status) ? board_status : null,
    assignee === null ? null : `@${line(assignee)}`,
  ].filter((it) => it !== null)
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}

function figures({ sprint, burndown, velocity, forecast, bugs }: StatusReport['metrics']) {
  return [
    ...(sprint
      ? [
          `- ${sprint.completed_points} of ${points(sprint.total_points)} done (${Math.round(sprint.completion_rate * 100)} %), velocity ${sprint.velocity_actual}`,
        ]
      : []),
    ...(burndown
      ? [
          `- Committed ${burndown.committed_points}, scope since ${signed(burndown.scope_change_points)}, remaining ${burndown.remaining_points}`,
        ]
      : []),
    velocity
      ? `- Velocity of the last ${counted(velocity.sprints_counted, 'sprint')}: ${round(velocity.mean)} on average (${velocity.min} to ${velocity.max})`
      : '- No sprint was closed yet, so there is no velocity',
    forecast
      ? `- Forecast: done by ${forecast.p50 ?? 'a day too far away'} (50 %), by ${forecast.p85 ?? 'a day too far away'} (85 %)${forecast.confidence === 'low' ? ', from little history' : ''}`
      : '- No forecast',
    `- Bugs: ${bugs.reported} reported, ${bugs.open} open`,
  ]
}

const signed = (value: number) => (value > 0 ? `+${value}` : String(value))
const round = (value: number) => Math.round(value * 10) / 10
