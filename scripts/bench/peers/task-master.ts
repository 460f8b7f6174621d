import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Rival, titleOf } from './rival.ts'

/** task-master-ai: one file of JSON holds every task. */
export async function taskMaster(
  installed: string,
  folder: string,
  version: string,
  tasks: number,
): Promise<Rival> {
  await mkdir(join(folder, '.taskmaster/tasks'), { recursive: true })
  const master = {
    tasks: Array.from({ length: tasks }, (_, index) => ({
      ...{ id: index + 1, title: titleOf(index + 1), description: titleOf(index + 1) },
      ...{ status: 'pending', priority: 'medium', details: '', testStrategy: '' },
      ...{ dependencies: [], subtasks: [] },
    })),
    metadata: { created: '2026-01-01T00:00:00.000Z', updated: '2026-01-01T00:00:00.000Z' },
  }
  await writeFile(join(folder, '.taskmaster/tasks/tasks.json'), JSON.stringify({ master }, null, 2))
  await writeFile(
    join(folder, '.taskmaster/config.json'),
    JSON.stringify({ models: {}, global: { anonymousTelemetry: false } }),
  )
  const program = (script: string, ...args: string[]) => ({
    args: [process.execPath, join(installed, 'node_modules/task-master-ai/dist', script), ...args],
    cwd: folder,
    env: { TASKMASTER_SKIP_AUTO_UPDATE: '1', DO_NOT_TRACK: '1' },
  })
  const status = (round: number) => (round % 2 === 0 ? 'in-progress' : 'pending')
  const id = (round: number) => String(1 + (Math.floor(round / 2) % tasks))
  return {
    name: 'task-master-ai',
    version,
    server: program('mcp-server.js'),
    list: program('task-master.js', 'list', '--json'),
    update: (round) => program('task-master.js', 'set-status', id(round), status(round)),
    listTool: { name: 'get_tasks', arguments: { projectRoot: folder } },
    updateTool: (round) => ({
      name: 'set_task_status',
      arguments: { projectRoot: folder, id: id(round), status: status(round) },
    }),
  }
}
