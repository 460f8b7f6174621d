import type { Sprint, SprintReport } from '../../api/types.ts'
import { figuresOf } from './figures.ts'

/** A report to paste elsewhere. */
export function reportAsMarkdown(sprint: Sprint, report: SprintReport, dates: string): string {
  const rows = figuresOf(report).map(
    ({ name, value, sentence }) => `| ${name} | ${value} | ${sentence} |`,
  )
  const carried = report.carried_over.map(
    ({ code, title, to }) => `- ${code} ${inLine(title)} → ${to}`,
  )
  return [
    `# ${inLine(sprint.name)} (${sprint.code}), ${sprint.status}`,
    dates,
    ...(sprint.goal ? [`Goal: ${sprint.goal}`] : []),
    ['| Figure | Value | What it means |', '| --- | --- | --- |', ...rows].join('\n'),
    ...(carried.length > 0 ? [`## Carried over\n\n${carried.join('\n')}`] : []),
    '',
  ].join('\n\n')
}

/** What Markdown would read as more than text. */
const inLine = (text: string) => text.replaceAll(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll('\n', ' ')
