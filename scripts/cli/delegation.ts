import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { OutputOf } from '../../api/commands/command.ts'
import type { checkDelegation } from '../../api/commands/delegation.ts'
import type { Project } from '../../api/core/entities/project.ts'
import { apiTarget, CliError, call, type Target, windmillTarget } from '../connect/client.ts'
import { errorOf, runFlow } from './flow.ts'
import { print, printable, table } from './print.ts'

type DelegationCheck = OutputOf<typeof checkDelegation>

/** What the flow sync_delegation answers. */
export interface SyncReport {
  message: string
  written: { path: string; sha256: string | null }[]
  conflicts: { path: string; field: string }[]
}

/** `devgodzilla delegation sync|check|watch`: the files of a project beside the database. */
export function addDelegation(program: Command): void {
  const delegation = program
    .command('delegation')
    .description('keep files beside the database (delegation/)')
  delegation
    .command('sync')
    .argument('<project>', 'slug or id')
    .option('--json', 'print JSON')
    .description('bring files and database together, once')
    .action(async (name: string, options: { json?: boolean }) => {
      const project = await projectOf(await apiTarget(process.env), name)
      const report = await sync(await windmillTarget(process.env), project, options)
      print(options.json, report, () => told(report).join('\n'))
    })
  delegation
    .command('check')
    .argument('<project>', 'slug or id')
    .option('--json', 'print JSON')
    .description('say where files and database differ; fails if they do')
    .action(async (name: string, options: { json?: boolean }) => {
      const project = await projectOf(await apiTarget(process.env), name)
      const checked = await check(await windmillTarget(process.env), project)
      print(options.json, checked, () => differencesIn(checked))
      if (!checked.agrees) process.exitCode = 1
    })
  delegation
    .command('watch')
    .argument('<project>', 'slug or id; its folder must be on this machine')
    .description('sync whenever a file below delegation/ or docs/adr/ changes, until interrupted')
    .action(async (name: string) => {
      const target = await apiTarget(process.env)
      const windmill = await windmillTarget(process.env)
      const project = await projectOf(target, name)
      const ended = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => ended.abort())
      }
      // Every other command starts without it.
      const { watchFiles } = await import('./delegation/watch.ts')
      await watchFiles({
        root: await folderOf(project),
        sync: () => sync(windmill, project, { json: true }).then(told),
        known: () => knownFiles(target, project),
        say: (line) => console.log(printable(`${new Date().toTimeString().slice(0, 8)}  ${line}`)),
        signal: ended.signal,
      })
    })
}

async function projectOf(target: Target, name: string): Promise<Project> {
  const path = `/projects/${encodeURIComponent(name)}`
  const project = (await call(target, { method: 'GET', path })) as Project
  if ((project.settings.delegation ?? 'off') !== 'off') return project
  throw new CliError(
    `The project ${project.slug} keeps no files beside the database. Turn it on: devgodzilla call project.update project_id=${project.id} 'settings={"delegation":"two_way"}'`,
  )
}

async function folderOf({ slug, local_path }: Project): Promise<string> {
  if (local_path && (await stat(local_path).catch(() => undefined))?.isDirectory()) {
    return local_path
  }
  throw new CliError(
    local_path
      ? `The folder ${local_path} of the project ${slug} is not on this machine: watch it where it is.`
      : `The project ${slug} has no folder (local_path): its pushes tell of changes by webhook.`,
  )
}

async function knownFiles(target: Target, { id }: Project): Promise<Map<string, string>> {
  const path = `/projects/${id}/delegation/files`
  const { items } = (await call(target, { method: 'GET', path })) as {
    items: { path: string; sha256: string }[]
  }
  return new Map(items.map((it) => [it.path, it.sha256]))
}

async function sync(target: Target, { id }: Project, how: { json?: boolean }): Promise<SyncReport> {
  const job = await runFlow(target, 'f/devgodzilla/sync_delegation', { project_id: id }, how)
  if (job.success !== true) throw new CliError(errorOf(job))
  return job.result as SyncReport
}

async function check(target: Target, { id }: Project): Promise<DelegationCheck> {
  const path = 'f/devgodzilla/check_delegation'
  const job = await runFlow(target, path, { project_id: id }, { json: true })
  if (job.success !== true) throw new CliError(errorOf(job))
  return job.result as DelegationCheck
}

const mostLines = 20

function told({ message, written, conflicts }: SyncReport): string[] {
  const lines = [
    ...written.map(({ path, sha256 }) => `  ${sha256 === null ? 'removed' : 'wrote'} ${path}`),
    ...conflicts.map(({ path, field }) => `  conflict: ${field} of ${path}`),
  ]
  const more = lines.length > mostLines ? [`  and ${lines.length - mostLines} more`] : []
  return [message, ...lines.slice(0, mostLines), ...more]
}

function differencesIn({ agrees, differences, problems }: DelegationCheck): string {
  if (agrees) return 'Files and database agree.'
  const wrong = problems.map(({ path, line, column, message }) => [
    [path, line, column].filter((it) => it != null).join(':'),
    message,
  ])
  return [
    ...(differences.length > 0
      ? [
          table(
            ['FILE', 'FIELD', 'CHANGED IN'],
            differences.map((it) => [it.path, it.field, it.changed]),
          ),
        ]
      : []),
    ...(wrong.length > 0 ? [table(['FILE', 'PROBLEM'], wrong)] : []),
  ].join('\n\n')
}
