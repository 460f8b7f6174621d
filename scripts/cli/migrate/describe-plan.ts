import type { SprintLinkPlan } from '../../../api/commands/rollout.ts'

const percent = (confidence: number) => `${Math.round(confidence * 100)} %`

/** A plan as people read it: what is linked to what and why, then what is left alone and why. */
export function describePlan(plan: SprintLinkPlan): string {
  const parts = [...(plan.import ? described(plan.import) : []), ...plan.links.flatMap(linked)]
  if (plan.links.length === 0) parts.push('Nothing is to be linked.')
  if (plan.alone.length > 0) {
    parts.push('', 'Left alone:')
    for (const { table, id, name, why } of plan.alone) {
      parts.push(`  ${words[table]} ${id} "${cut(name)}": ${why}`)
    }
  }
  return parts.join('\n')
}

const words: Record<SprintLinkPlan['alone'][number]['table'], string> = {
  sprints: 'sprint',
  tasks: 'task',
  protocol_runs: 'run',
  step_runs: 'step',
}

function linked(link: SprintLinkPlan['links'][number]): string[] {
  const { sprint, protocol_run, confidence, because, tasks } = link
  return [
    `Sprint ${sprint.id} "${cut(sprint.name)}" ↔ run ${protocol_run.id} "${cut(protocol_run.name)}" (${percent(confidence)}: ${because.join('; ')})`,
    ...tasks.map(
      ({ task, step, confidence, because }) =>
        `  task ${task.id} "${cut(task.title)}" (${task.board_status}) ↔ step ${step.id} (${step.status}) (${percent(confidence)}: ${because.join('; ')})`,
    ),
  ]
}

function described(made: NonNullable<SprintLinkPlan['import']>): string[] {
  const { sprints, tasks, protocol_runs, step_runs, dependencies } = made
  const parts = [
    `To import: ${count(sprints, 'sprint')}, ${count(tasks, 'task')}, ${count(protocol_runs, 'run')}, ${count(step_runs, 'step')}, ${count(dependencies, 'dependency', 'dependencies')}; ${count(made.here_already, 'row')} here already.`,
  ]
  if (made.unread.length > 0) parts.push(`Columns not read: ${made.unread.join(', ')}.`)
  const bad = describeBadRows({ import: made })
  if (bad.length > 0) parts.push('', ...bad)
  if (made.notes.length > 0) {
    parts.push('', 'Not as the dump has it:')
    for (const { table, id, note } of made.notes) parts.push(`  ${words[table]} ${id}: ${note}`)
  }
  return [...parts, '']
}

/** The rows of a dump that break a rule, one a line; no line where all are well. */
export function describeBadRows({ import: made }: Pick<SprintLinkPlan, 'import'>): string[] {
  if (!made || made.bad_rows.length === 0) return []
  const rows = made.bad_rows.map(({ table, row, id, column, rule }) => {
    const place = row > 0 ? `row ${row}` : `id ${id}`
    return `  ${table}, ${place}, ${column}: ${rule}`
  })
  return ['Rows that break a rule:', ...rows]
}

/** “1 sprint”, “2 sprints”. */
export const count = (amount: number, one: string, many = `${one}s`) =>
  `${amount} ${amount === 1 ? one : many}`

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
