import { type Command, Option } from 'commander'
import { apiTarget, dataDirOf } from '../connect/target.ts'
import { print, table } from './print.ts'
import type { Change } from './speckit/changes.ts'
import { type Installed, install, uninstall } from './speckit/install.ts'
import { type Check, status } from './speckit/status.ts'

interface InstallOptions {
  project?: string
  hook?: 'git'
  secretFile?: string
  dryRun?: boolean
  json?: boolean
}

/** `devgodzilla speckit install|status|uninstall`: has a repository tell of its changed task files. */
export function addSpecKit(program: Command): void {
  const speckit = program
    .command('speckit')
    .description('have a Spec Kit repository tell the board of changes')
  speckit
    .command('install')
    .argument('[repository]', 'the folder that holds specs/ and .specify/', '.')
    .description('put the Spec Kit extension there, and make the project known')
    .option('--project <slug>', "of the project; default: the repository's name")
    .addOption(new Option('--hook <kind>', 'also tell of commits and merges').choices(['git']))
    .option('--secret-file <file>', 'where the webhook secret is on this machine, mode 600')
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--json', 'print JSON')
    .action(async (repository: string, options: InstallOptions) => {
      const { dryRun = false, json, ...wanted } = options
      const target = await apiTarget(process.env)
      const dataDir = dataDirOf(process.env)
      const done = await install(target, repository, { ...wanted, dataDir, dry: dryRun })
      print(json, done, () => installed(done, repository, dryRun))
    })
  speckit
    .command('status')
    .argument('[repository]', 'as given to install', '.')
    .description('try the way from there to the board; exit code 1 where it is broken')
    .option('--json', 'print JSON')
    .action(async (repository: string, { json }: { json?: boolean }) => {
      const checks = await status(await apiTarget(process.env), repository)
      print(json, checks, () => checked(checks))
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1
    })
  speckit
    .command('uninstall')
    .argument('[repository]', 'as given to install', '.')
    .description('take the extension and the Git hooks away; the project stays')
    .option('--dry-run', 'say what would be removed, and change nothing')
    .option('--json', 'print JSON')
    .action(async (repository: string, { dryRun = false, json }: InstallOptions) => {
      const changes = await uninstall(repository, dryRun)
      print(json, { changes }, () => listed(changes, dryRun))
    })
}

function installed(done: Installed, repository: string, dry: boolean): string {
  const { project, project_is_new, changes, by } = done
  const lines = [listed(changes, dry)]
  if (project_is_new) lines.push(`${dry ? 'Would make' : 'Made'} the project ${project}.`)
  if (by === 'devgodzilla') {
    lines.push(
      'The hooks are registered. For its commands and agent events, install Spec Kit\'s "specify" and run this again.',
    )
  }
  if (!dry) lines.push(`Try it: npx devgodzilla speckit status ${repository}`)
  return lines.join('\n')
}

function listed(changes: readonly Change[], dry: boolean): string {
  if (changes.length === 0) return 'Nothing to change.'
  const verb = { create: 'created', change: 'changed', remove: 'removed' }
  return changes
    .map(({ path, did }) => (dry ? `would ${did} ${path}` : `${verb[did]} ${path}`))
    .join('\n')
}

const checked = (checks: readonly Check[]) =>
  table(
    ['', 'CHECK', 'STATE'],
    checks.map(({ what, ok, says }) => [ok ? 'ok' : '!!', what, says]),
  )
