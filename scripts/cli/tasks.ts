import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { parseTasks } from '../../api/core/speckit/parse-tasks.ts'
import { SpecKitError } from '../../api/core/speckit/speckit-error.ts'
import type { ParsedTasks } from '../../api/core/speckit/types.ts'
import { CliError } from '../connect/client.ts'
import { codeOf } from '../postgres/error.ts'
import { print, table } from './print.ts'

/** `devgodzilla tasks check`: what an import would take from a tasks.md, without importing it. */
export function addTasks(program: Command): void {
  const tasks = program.command('tasks').description('look at tasks.md files')
  tasks
    .command('check')
    .argument('<path>', 'a tasks.md, or the spec folder that holds it')
    .description('show which tasks are recognised, and which lines are not and why')
    .option('--json', 'print JSON')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const parsed = parsedFile(await readTasks(path))
      print(json, parsed, () => described(parsed))
    })
}

async function readTasks(path: string): Promise<string> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'tasks.md') : path
    const bytes = await readFile(file)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8' : codeOf(error)
    throw new CliError(`${path} cannot be read: ${why}.`, { cause: error })
  }
}

function parsedFile(text: string): ParsedTasks {
  try {
    return parseTasks(text)
  } catch (error) {
    if (error instanceof SpecKitError) throw new CliError(error.message, { cause: error })
    throw error
  }
}

function described({ tasks, dependencies, skipped }: ParsedTasks): string {
  const done = tasks.filter((task) => task.mark === 'done').length
  const hard = dependencies.filter((it) => it.kind === 'hard').length
  const parts = [
    table(
      ['LINE', 'ID', 'MARK', 'LABELS', 'TITLE'],
      tasks.map((it) => [it.line, it.externalId, it.mark, it.labels.join(' '), cut(it.title)]),
    ),
    '',
    `${tasks.length} tasks, ${done} done; ${hard} hard and ${dependencies.length - hard} suggested dependencies.`,
  ]
  if (skipped.length > 0) {
    parts.push(
      '',
      'Looked like tasks and were not taken:',
      table(
        ['LINE', 'REASON', 'TEXT'],
        skipped.map((it) => [it.line, it.reason, cut(it.text.trim())]),
      ),
    )
  }
  return parts.join('\n')
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
