import { execa } from 'execa'
import { CliError, type Target } from '../../connect/client.ts'
import { Changes } from './changes.ts'
import { readConfig } from './config.ts'
import { isCurrent, readManifest } from './extension.ts'
import { hasGitHooks } from './git-hooks.ts'
import { confined, extensionFolder, openPlace } from './place.ts'
import { findProject } from './project.ts'
import { isRegistered } from './register.ts'

export interface Check {
  what: string
  ok: boolean
  says: string
}

/** What stands between a changed tasks.md here and the board; a signed ping tries the whole way. */
export async function status(target: Target, path: string): Promise<Check[]> {
  const place = await openPlace(path)
  const changes = new Changes(place, true)
  const manifest = await readManifest()
  if ((await changes.read(`${extensionFolder}/extension.yml`)) === undefined) {
    return [
      { what: 'extension', ok: false, says: 'not installed: run "devgodzilla speckit install"' },
    ]
  }
  const current = await isCurrent(changes)
  const registered = await isRegistered(changes, manifest)
  const { project } = await readConfig(changes)
  const known = project ? await findProject(target, project).catch(unreachable) : undefined
  const script = await confined(place, `${extensionFolder}/scripts/notify.mjs`)
  return [
    {
      ...{ what: 'extension', ok: current },
      says: current ? manifest.version : 'not of this version: run "devgodzilla speckit install"',
    },
    {
      ...{ what: 'hooks', ok: registered },
      says: registered
        ? 'in .specify/extensions.yml'
        : 'missing in .specify/extensions.yml: run "devgodzilla speckit install"',
    },
    {
      ...{ what: 'git hooks', ok: true },
      says: (await hasGitHooks(place)) ? 'installed' : 'not installed (--hook git)',
    },
    typeof known === 'string'
      ? { what: 'project', ok: false, says: known }
      : {
          ...{ what: 'project', ok: known !== undefined },
          says: known ? `${known.slug} (id ${known.id})` : `${project || 'none'} is not known`,
        },
    await ping(script, place.folder),
  ]
}

const unreachable = (error: unknown) => {
  if (error instanceof CliError) return error.message
  throw error
}

async function ping(script: string, cwd: string): Promise<Check> {
  const { exitCode, stdout } = await execa(
    process.execPath,
    [script, '--ping', '--strict', '--json', '--event', 'ping'],
    { cwd, reject: false, stdin: 'ignore' },
  )
  const ok = exitCode === 0
  const answer = JSON.parse(stdout)
  return { what: 'signed ping', ok, says: ok ? `arrived: ${answer[0].says}` : answer.error }
}
