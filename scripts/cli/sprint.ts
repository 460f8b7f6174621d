import type { Command } from 'commander'
import type { Sprint, SprintVelocityOut } from '../../api/core/entities/sprint.ts'
import { boardStatus, type Task } from '../../api/core/entities/task.ts'
import { allPages, apiTarget, CliError, call, type Target } from '../connect/client.ts'
import { print, table } from './print.ts'

/** `devgodzilla sprint list|show`: what the board shows, in a terminal. */
export function addSprint(program: Command): void {
  const sprint = program.command('sprint').description('look at sprints')
  sprint
    .command('list')
    .description('list the sprints of all projects')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const sprints = await allPages<Sprint>(await apiTarget(process.env), '/sprints')
      print(json, sprints, () => listed(sprints))
    })
  sprint
    .command('show')
    .argument('<sprint>', 'code or id, such as SAMPLE-S1 or 1')
    .description('show a sprint, its points and its cards by column')
    .option('--json', 'print JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const target = await apiTarget(process.env)
      const found = await findSprint(target, name)
      const [velocity, tasks] = await Promise.all([
        call(target, { method: 'GET', path: `/sprints/${found.id}/velocity` }),
        allPages<Task>(target, `/sprints/${found.id}/tasks`),
      ])
      print(json, { sprint: found, velocity, tasks }, () =>
        shown(found, velocity as SprintVelocityOut, tasks),
      )
    })
}

async function findSprint(target: Target, name: string): Promise<Sprint> {
  const path = /^\d+$/.test(name) ? `/sprints/${name}` : `/sprints?code=${encodeURIComponent(name)}`
  const answer = (await call(target, { method: 'GET', path })) as Sprint & { items?: Sprint[] }
  const sprint = answer.items ? answer.items[0] : answer
  if (!sprint) {
    throw new CliError(`There is no sprint ${name}. "devgodzilla sprint list" shows them all.`)
  }
  return sprint
}

function listed(sprints: readonly Sprint[]): string {
  if (sprints.length === 0) {
    return 'There are no sprints yet. Run the flow sprint_from_protocol or sync_tasks_to_sprint.'
  }
  return table(
    ['CODE', 'STATUS', 'VELOCITY', 'START', 'END', 'NAME'],
    sprints.map((it) => [
      it.code,
      it.status,
      it.velocity_actual,
      it.start_date?.slice(0, 10),
      it.end_date?.slice(0, 10),
      it.name,
    ]),
  )
}

function shown(sprint: Sprint, velocity: SprintVelocityOut, tasks: readonly Task[]): string {
  const percent = Math.round(velocity.completion_rate * 100)
  const head = [
    `${sprint.code}  ${sprint.name}  (${sprint.status})`,
    ...(sprint.goal ? [sprint.goal] : []),
    `${velocity.completed_points} of ${velocity.total_points} points done (${percent} %), velocity ${velocity.velocity_actual}`,
  ]
  const columns = boardStatus.options.flatMap((status) => {
    const cards = tasks.filter((task) => task.board_status === status)
    if (cards.length === 0) return []
    const lines = cards.map((task) => [
      task.code,
      task.external_id,
      task.story_points,
      task.assignee,
      task.blocked_reason ? `${task.title} — ${task.blocked_reason}` : task.title,
    ])
    return [
      '',
      `${status} (${cards.length})`,
      table(['CODE', 'ID', 'POINTS', 'WHO', 'TITLE'], lines).replace(/^/gm, '  '),
    ]
  })
  return [...head, ...columns].join('\n')
}
