import { join } from 'node:path'
import { type Product, root } from '../product.ts'
import { type Rival, titleOf } from './rival.ts'

/** This product, asked through its API, whose database is on this machine too. */
export async function ours(product: Product, tasks: number): Promise<Rival> {
  const project = await product.call<{ id: number }>('POST', '/projects', {
    ...{ slug: 'peers', name: 'Peers' },
  })
  const sprint = await product.call<{ id: number; code: string }>('POST', '/sprints', {
    ...{ project_id: project.id, name: 'Sprint' },
  })
  const lines = Array.from({ length: tasks }, (_, index) => {
    const id = `T${String(index + 1).padStart(String(tasks).length, '0')}`
    return `- [ ] ${id} ${titleOf(index + 1)}`
  })
  await product.call('POST', `/sprints/${sprint.id}/actions/import-tasks`, {
    ...{ spec_path: 'specs/001-peers', content: `# Tasks\n\n${lines.join('\n')}\n` },
  })
  const program = (...args: string[]) => ({
    args: [process.execPath, join(root, 'scripts/bin.mjs'), ...args],
    cwd: root,
    env: { DEVGODZILLA_URL: product.url, DEVGODZILLA_TOKEN: product.token },
  })
  const task = (round: number) => `PEERS-${1 + (Math.floor(round / 2) % tasks)}`
  const status = (round: number) => (round % 2 === 0 ? 'in_progress' : 'todo')
  return {
    ...{ name: 'devgodzilla', version: 'this one' },
    server: program('mcp'),
    list: program('task', 'list', '--sprint', sprint.code, '--limit', '1000'),
    update: (round) => program('task', 'status', task(round), status(round)),
    listTool: { name: 'orchestration_task_list', arguments: { sprint_id: sprint.code, limit: 50 } },
    updateTool: (round) => ({
      name: 'orchestration_task_status_update',
      arguments: { task_id: task(round), status: status(round) },
    }),
  }
}
