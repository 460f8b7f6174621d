import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import type { SprintLinkPlan } from '../../api/commands/rollout.ts'
import type { Project } from '../../api/core/entities/project.ts'
import { apiTarget, CliError, call, type Target } from '../connect/client.ts'
import { codeOf } from '../postgres/error.ts'
import { count, describeBadRows, describePlan } from './migrate/describe-plan.ts'
import { readDumpFiles } from './migrate/read-dump-files.ts'
import { print } from './print.ts'

interface Options {
  project: string
  from?: string
  sourceProject?: string
  dryRun?: boolean
  plan?: string
  skipBadRows?: boolean
  json?: boolean
}

/** `devgodzilla migrate-sprints`: what was there before the integration is linked, by a plan. */
export function addMigrateSprints(program: Command): void {
  program
    .command('migrate-sprints')
    .description('link existing sprints and tasks to protocol runs, by a plan that says why')
    .requiredOption('--project <slug>', 'the project whose sprints and runs they are')
    .option('--from <path>', 'take them from a dump of an earlier version: a folder or a JSON file')
    .option('--source-project <id>', 'the project in the dump, where it holds several')
    .option('--dry-run', 'print the plan, and change nothing')
    .option('--plan <file>', 'carry out exactly the plan that --dry-run --json printed')
    .option('--skip-bad-rows', 'leave out rows of the dump that break a rule')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Look first, then carry out what you have seen:
  devgodzilla migrate-sprints --project shop --dry-run
  devgodzilla migrate-sprints --project shop --dry-run --json > plan.json
  devgodzilla migrate-sprints --project shop --plan plan.json

It links a sprint to the run that made it: where one names the other, where it is called
"<run> Sprint", where titles are the same. What could be either is left alone, and named.
A second run finds nothing to do.

Coming from an earlier version, export its tables sprints, tasks, protocol_runs and step_runs into
one folder, as CSV with a heading or as JSON, and name the folder:
  psql "$OLD_DATABASE" -c "\\copy (select * from tasks) to old/tasks.csv with csv header"
  devgodzilla migrate-sprints --project shop --from old/ --dry-run

Sprints, tasks, runs and steps come with the times they had, so none of it is velocity of today.`,
    )
    .action(async (options: Options) => {
      const target = await apiTarget(process.env)
      const project = await findProject(target, options.project)
      const body = {
        ...(options.from === undefined ? {} : { dump: await readDumpFiles(options.from) }),
        ...(options.sourceProject === undefined
          ? {}
          : { source_project_id: idOf(options.sourceProject) }),
      }
      const path = `/projects/${project.id}/actions`
      const plan = await ask(target, `${path}/plan-sprint-links`, body)
      if (options.dryRun) {
        print(options.json, plan, () => `${describePlan(plan)}\n\nNothing was changed.`)
        return
      }
      if (!options.skipBadRows) refuseBadRows(plan)
      if (options.plan !== undefined) refuseOther(await readPlan(options.plan), plan, options.plan)
      const done = await ask(target, `${path}/link-sprints`, {
        ...body,
        fingerprint: plan.fingerprint,
        skip_bad_rows: options.skipBadRows ?? false,
      })
      print(options.json, done, () => `${describePlan(done)}\n\n${summaryOf(done)}`)
    })
}

const ask = async (target: Target, path: string, body: object) =>
  (await call(target, { method: 'POST', path, body })) as SprintLinkPlan

async function findProject(target: Target, slug: string): Promise<Project> {
  const path = `/projects?slug=${encodeURIComponent(slug)}`
  const { items } = (await call(target, { method: 'GET', path })) as { items: Project[] }
  if (items[0]) return items[0]
  throw new CliError(`There is no project ${slug}. "devgodzilla call project.list" shows them all.`)
}

function idOf(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text)
  throw new CliError(`--source-project: "${text}" is not an id.`)
}

async function readPlan(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : codeOf(error)
    throw new CliError(`--plan: ${file} cannot be read: ${why}.`, { cause: error })
  }
}

function refuseBadRows(plan: SprintLinkPlan): void {
  const bad = describeBadRows(plan)
  if (bad.length === 0) return
  throw new CliError(
    `${bad.join('\n')}\n\nNothing was changed. Mend them, or leave their rows out with --skip-bad-rows.`,
  )
}

function refuseOther(reviewed: unknown, plan: SprintLinkPlan, file: string): void {
  if (isDeepStrictEqual(reviewed, plan)) return
  if (!plan.import && isObject(reviewed) && reviewed.import) {
    throw new CliError(`--plan: ${file} was made from a dump; name that one with --from too.`)
  }
  throw new CliError(
    `--plan: ${file} is not the plan any more: the data changed since, or the file was edited. Make it again with --dry-run --json, and review that one.`,
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function summaryOf({ links, import: made }: SprintLinkPlan): string {
  const tasks = links.reduce((sum, link) => sum + link.tasks.length, 0)
  const of = (sprints: number, tasks: number) =>
    `${count(sprints, 'sprint')} and ${count(tasks, 'task')}.`
  const imported = made ? `Imported ${of(made.sprints, made.tasks)} ` : ''
  return `${imported}Linked ${of(links.length, tasks)}`
}
