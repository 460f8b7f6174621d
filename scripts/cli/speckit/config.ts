import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { CliError } from '../client.ts'
import type { Changes } from './changes.ts'
import { configFile, source } from './extension.ts'
import { extensionFolder } from './place.ts'

export interface Config {
  project: string
  url: string
}

const file = `${extensionFolder}/${configFile}`
const localFile = `${extensionFolder}/local-config.yml`
const ignoreFile = '.specify/.gitignore'

/** What the repository's configuration says; empty where there is none. */
export async function readConfig(changes: Changes): Promise<Partial<Config>> {
  const text = await changes.read(file)
  return text === undefined ? {} : Object(parsed(file, text).toJSON())
}

/** Writes project and address, and leaves everything else in the file as it is. */
export async function writeConfig(changes: Changes, config: Config): Promise<void> {
  const template = await readFile(join(source, 'devgodzilla-config.template.yml'), 'utf8')
  const text = (await changes.read(file)) ?? template
  const document = parsed(file, text)
  const before = Object(document.toJSON())
  for (const key of ['project', 'url'] as const) {
    if (before[key] !== config[key]) document.set(key, config[key])
  }
  const same = before.project === config.project && before.url === config.url
  await changes.write(file, same ? text : document.toString({ lineWidth: 0 }))
}

/** Where the secret is on this machine: no one else's business, so Git ignores the file. */
export async function writeSecretFile(changes: Changes, secretFile: string): Promise<void> {
  const document = parsed(localFile, (await changes.read(localFile)) ?? '')
  if (Object(document.toJSON()).secret_file !== secretFile) {
    document.setIn(['secret_file'], secretFile)
    await changes.write(localFile, document.toString({ lineWidth: 0 }))
  }
  const line = 'extensions/*/local-config.yml'
  const ignored = (await changes.read(ignoreFile)) ?? ''
  if (ignored.split(/\r?\n/).includes(line)) return
  await changes.write(ignoreFile, `${ignored}${/[^\n]$/.test(ignored) ? '\n' : ''}${line}\n`)
}

function parsed(path: string, text: string) {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw new CliError(`${path} is not YAML: ${error.message.split('\n')[0]}`)
  return document
}
