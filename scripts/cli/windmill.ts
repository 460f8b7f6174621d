import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type Deployed, deploy } from '../windmill-deploy/deploy.ts'
import { type Removed, remove } from '../windmill-deploy/remove.ts'
import { print } from './print.ts'

interface DeployOptions {
  dryRun?: boolean
  check?: boolean
  json?: boolean
}

/** `devgodzilla windmill deploy`, which `npm run windmill:deploy` is, and `remove`. */
export function addWindmill(program: Command): void {
  const windmill = program.command('windmill').description('work with a Windmill server')
  windmill
    .command('deploy')
    .description('bring the workspace of a Windmill server to what is in f/')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--check', 'then have a worker call the API as the flows will')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
What is the same is left alone, and what is on the server only is never deleted. Environment:
  WINDMILL_BASE_URL      the server, such as https://windmill.example.com
  WINDMILL_TOKEN         made in Windmill: Account settings, Tokens
  WINDMILL_WORKSPACE     id of the workspace
  DEVGODZILLA_URL        where workers reach the API; once set, only to change it
  DEVGODZILLA_API_TOKEN  what flows speak to the API with; once set, only to change it
Any other secret variable f/devgodzilla/NAME takes its value from DEVGODZILLA_NAME.
It ends with 0 when the server has everything (and the check found it good), else with 1.`,
    )
    .action(async (options: DeployOptions) => {
      const deployed = await deploy(root, process.env, options)
      print(options.json, deployed, () => told(deployed))
    })
  windmill
    .command('remove')
    .description('take from the workspace of a Windmill server what deploy has put there')
    .option('--dry-run', 'say what would be removed, and do nothing')
    .option('--json', 'print JSON')
    .action(async (options: DeployOptions) => {
      const removed = await remove(root, process.env, options)
      print(options.json, removed, () => toldRemoved(removed))
    })
}

function toldRemoved({ items, dry_run, server, workspace }: Removed): string {
  const word = dry_run ? 'would remove' : 'removed'
  const lines = items.map(({ kind, path }) => `${word} ${kind} ${path}`)
  return [
    ...lines,
    `${items.length} ${dry_run ? 'to remove' : 'removed'} from ${workspace} at ${server}; folders stay.`,
  ].join('\n')
}

const root = fileURLToPath(new URL('../../', import.meta.url))

const words = {
  create: { done: 'created', would: 'would create' },
  change: { done: 'changed', would: 'would change' },
}

function told({ items, left_out, dry_run, server, workspace, version, check }: Deployed): string {
  const lines = items.flatMap(({ kind, path, action, note }) => {
    if (action === 'keep') return []
    const word = words[action][dry_run ? 'would' : 'done']
    return [`${word} ${kind} ${path}${note ? ` (${note})` : ''}`]
  })
  const count = (action: string) => items.filter((it) => it.action === action).length
  const [created, changed] = dry_run ? ['to create', 'to change'] : ['created', 'changed']
  const summary = `${count('create')} ${created}, ${count('change')} ${changed}, ${count('keep')} unchanged`
  return [
    ...lines,
    ...left_out.map((what) => `left out: ${what}`),
    `${summary} in ${workspace} at ${server} (${version}).`,
    ...(check ? [check] : []),
  ].join('\n')
}
