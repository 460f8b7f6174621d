import { basename, resolve } from 'node:path'
import { execa } from 'execa'
import { leftAddress } from '../../connect/address.ts'
import { CliError, call, type Target } from '../../connect/client.ts'
import { Changes } from './changes.ts'
import { type Config, readConfig, writeConfig, writeSecretFile } from './config.ts'
import { extensionFiles, id, isCurrent, readManifest, source } from './extension.ts'
import { addGitHooks, removeGitHooks } from './git-hooks.ts'
import { extensionFolder, openPlace } from './place.ts'
import { findProject, projectOf, refuseOther, slugOf } from './project.ts'
import { isRegistered, register, unregister } from './register.ts'

export interface Wanted {
  project?: string
  hook?: 'git'
  secretFile?: string
  /** The data folder on this machine, where the hook looks for what it is not told. */
  dataDir: string
  dry: boolean
}

export interface Installed {
  project: string
  /** The project was not known to the API before. */
  project_is_new: boolean
  changes: Changes['made']
  /** How the extension was put there: Spec Kit's own command also tells the agents of it. */
  by: 'specify' | 'devgodzilla'
}

/** Puts the extension into a repository, and makes its project known; again, it changes nothing. */
export async function install(target: Target, path: string, wanted: Wanted): Promise<Installed> {
  const place = await openPlace(path)
  const dry = new Changes(place, true)
  const slug = wanted.project ?? ((await readConfig(dry)).project || slugOf(basename(place.root)))
  const config = { project: slug, url: await addressToTell(target, wanted) }
  const project = await findProject(target, slug)
  if (project) await refuseOther(project, place)
  const body = project ? null : await projectOf(target, place, slug)
  // Whatever forbids it is found before anything is changed.
  const by = await putAll(dry, config, wanted)
  if (wanted.dry) return { project: slug, project_is_new: !project, changes: dry.made, by }
  if (body) await call(target, { method: 'POST', path: '/projects', body })
  const changes = new Changes(place, false)
  await putAll(changes, config, wanted)
  return { project: slug, project_is_new: !project, changes: changes.made, by }
}

/** None where the hook finds it beside its secret, wherever the service listens by then. */
async function addressToTell({ url }: Target, { secretFile, dataDir }: Wanted): Promise<string> {
  if (secretFile) return url
  return (await leftAddress(dataDir))?.api === url ? '' : url
}

async function putAll(changes: Changes, config: Config, wanted: Wanted): Promise<Installed['by']> {
  const by = await putExtension(changes)
  await writeConfig(changes, config)
  if (wanted.secretFile) await writeSecretFile(changes, resolve(wanted.secretFile))
  if (wanted.hook) await addGitHooks(changes)
  return by
}

/** By Spec Kit's own command where there is one: it also tells the agents of commands and events. */
async function putExtension(changes: Changes): Promise<Installed['by']> {
  const by = (await isSpecKitProject(changes)) && (await hasSpecify()) ? 'specify' : 'devgodzilla'
  const manifest = await readManifest()
  if ((await isCurrent(changes)) && (await isRegistered(changes, manifest))) return by
  if (by === 'specify' && !changes.dry) {
    await specify(changes, 'add', source, '--dev', '--force')
    changes.made.push({ path: extensionFolder, did: 'change' })
    return by
  }
  for (const { path, text, mode } of await extensionFiles()) {
    await changes.write(`${extensionFolder}/${path}`, text, mode)
  }
  await register(changes, manifest)
  return by
}

const isSpecKitProject = async (changes: Changes) =>
  (await changes.read('.specify/init-options.json')) !== undefined

const hasSpecify = async () =>
  (await execa('specify', ['--version'], { reject: false })).exitCode === 0

async function specify(changes: Changes, verb: string, ...args: string[]): Promise<void> {
  const { exitCode, all } = await execa('specify', ['extension', verb, ...args], {
    ...{ cwd: changes.place.folder, reject: false, all: true, stdin: 'ignore' },
  })
  if (exitCode !== 0) throw new CliError(`"specify extension ${verb}" failed:\n${all}`)
}

/** Takes away what install has put there; the project and its cards stay. */
export async function uninstall(path: string, dry: boolean): Promise<Changes['made']> {
  const place = await openPlace(path)
  const changes = new Changes(place, dry)
  await removeGitHooks(changes)
  const there = (await changes.read(`${extensionFolder}/extension.yml`)) !== undefined
  if (there && !dry && (await isSpecKitProject(changes)) && (await hasSpecify())) {
    await specify(changes, 'remove', id, '--force')
    changes.made.push({ path: extensionFolder, did: 'remove' })
  }
  await unregister(changes)
  await changes.remove(extensionFolder)
  return changes.made
}
