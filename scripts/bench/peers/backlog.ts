import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Rival, titleOf } from './rival.ts'

/** backlog.md: a Markdown file per task. */
export async function backlog(
  installed: string,
  folder: string,
  version: string,
  tasks: number,
): Promise<Rival> {
  await mkdir(join(folder, 'backlog/tasks'), { recursive: true })
  await writeFile(join(folder, 'backlog/config.yml'), config)
  for (let number = 1; number <= tasks; number++) {
    const file = join(folder, 'backlog/tasks', `task-${number} - Task-${number}.md`)
    await writeFile(file, card(number))
  }
  const program = (...args: string[]) => ({
    args: [process.execPath, join(installed, 'node_modules/backlog.md/cli.js'), ...args],
    cwd: folder,
  })
  const status = (round: number) => (round % 2 === 0 ? 'In Progress' : 'To Do')
  const id = (round: number) => `TASK-${1 + (Math.floor(round / 2) % tasks)}`
  return {
    name: 'backlog.md',
    version,
    server: program('mcp', 'start'),
    list: program('task', 'list', '--plain'),
    update: (round) => program('task', 'edit', id(round), '--status', status(round), '--plain'),
    listTool: { name: 'task_list', arguments: { limit: 50 } },
    updateTool: (round) => ({
      name: 'task_edit',
      arguments: { id: id(round), status: status(round) },
    }),
  }
}

const config = `project_name: "Bench"
default_status: "To Do"
statuses: ["To Do", "In Progress", "Done"]
labels: []
date_format: yyyy-mm-dd
remote_operations: false
auto_commit: false
filesystem_only: true
check_active_branches: false
task_prefix: "task"
`

const card = (number: number) => `---
id: TASK-${number}
title: '${titleOf(number)}'
status: To Do
assignee: []
created_date: '2026-01-01 00:00'
labels: []
dependencies: []
ordinal: ${number * 1000}
---

${titleOf(number)}
`
