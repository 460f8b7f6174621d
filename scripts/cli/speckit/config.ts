import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Changes } from './changes.ts'
import { configFile, source } from './extension.ts'
import { extensionFolder } from './place.ts'
import { editYaml, readYaml } from './yaml-file.ts'

export interface Config {
  project: string
  /** Empty: the hook finds it by itself. */
  url: string
}

const file = `${extensionFolder}/${configFile}`
const localFile = `${extensionFolder}/local-config.yml`
const ignoreFile = '.specify/.gitignore'

/** What the repository's configuration says; empty where there is none. */
export async function readConfig(changes: Changes): Promise<Partial<Config>> {
  return Object((await readYaml(changes, file)).toJSON())
}

/** Writes project and address, and leaves everything else in the file as it is. */
export async function writeConfig(changes: Changes, { project, url }: Config): Promise<void> {
  const template = await readFile(join(source, 'devgodzilla-config.template.yml'), 'utf8')
  const edit = (document: Awaited<ReturnType<typeof readYaml>>) => {
    document.set('project', project)
    // That of a trigger on a Windmill server somebody has set.
    if (document.get('target') !== 'windmill') document.set('url', url)
  }
  await editYaml(changes, file, edit, template)
}

/** Where the secret is on this machine: no one else's business, so Git ignores the file. */
export async function writeSecretFile(changes: Changes, secretFile: string): Promise<void> {
  await editYaml(changes, localFile, (document) => document.set('secret_file', secretFile))
  const line = 'extensions/*/local-config.yml'
  const ignored = (await changes.read(ignoreFile)) ?? ''
  if (ignored.split(/\r?\n/).includes(line)) return
  await changes.write(ignoreFile, `${ignored}${/[^\n]$/.test(ignored) ? '\n' : ''}${line}\n`)
}
