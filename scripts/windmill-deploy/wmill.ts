import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { DeployError } from './deploy-error.ts'
import type { DeploySettings } from './settings.ts'
import type { Stage } from './stage.ts'

/** What is used where there is no wmill on the PATH. */
const pinned = 'windmill-cli@1.819.0'

/**
 * Pushes what is staged. `--keep-deleted` is what keeps everything else that is on the server: a
 * push without it deletes what has no file. A wmill too old to know it refuses before it does
 * anything.
 * @throws DeployError with what wmill said
 */
export async function push(stage: Stage, settings: DeploySettings): Promise<void> {
  await writeProfile(stage, settings)
  const skips = ['variables', 'resources', 'resource-types', 'workspace-dependencies']
  const args = [
    ...['sync', 'push', '--workspace', profile, '--yes', '--keep-deleted', '--skip-folders'],
    ...skips.map((it) => `--skip-${it}`),
  ]
  const run = (command: string, before: string[] = []) =>
    execa(command, [...before, ...args], {
      cwd: stage.folder,
      env: { ...publicEnvironment(), WMILL_CONFIG_DIR: stage.configFolder, NO_COLOR: '1' },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: 600_000,
    })
  const own = await run('wmill')
  const ran = own.code === 'ENOENT' ? await run('npx', ['--yes', pinned]) : own
  if (ran.exitCode === 0) return
  const said = (ran.all || ran.shortMessage || '').replaceAll(settings.token, '***')
  throw new DeployError(
    `wmill could not push: ${reasonIn(stripVTControlCharacters(said))}\n` +
      'What it pushed before stays. Mend this and run the same again; it goes on from there. ' +
      `If wmill does not know an option, it is too old: npm install --global ${pinned}.`,
  )
}

/** The error that wmill ended with, else the end of what it said. */
function reasonIn(said: string): string {
  const lines = said.trim().split('\n')
  return (
    lines
      .findLast((line) => /^Error: /.test(line))
      ?.slice(7)
      .trim() ?? lines.slice(-10).join('\n')
  )
}

const profile = 'devgodzilla'

/** The token is given in a file: arguments and environment are seen by other processes. */
async function writeProfile({ configFolder }: Stage, settings: DeploySettings): Promise<void> {
  const { baseUrl, workspace, token } = settings
  const entry = { name: profile, remote: `${baseUrl}/`, workspaceId: workspace, token }
  await mkdir(join(configFolder, 'windmill'))
  const file = join(configFolder, 'windmill', 'remotes.ndjson')
  await writeFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
}

const passedOn =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|SYSTEMROOT|APPDATA|LOCALAPPDATA|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY|npm_config_.*)$/i

/** What a command needs of our environment, without the secrets that are in it. */
const publicEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)))
