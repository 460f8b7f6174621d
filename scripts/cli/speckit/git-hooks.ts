import { readFile } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { CliError } from '../client.ts'
import type { Changes } from './changes.ts'
import { extensionFolder, type Place, unlessMissing } from './place.ts'

const [begin, end] = ['# >>> devgodzilla >>>', '# <<< devgodzilla <<<']
const block = new RegExp(`${begin}\\n[\\s\\S]*?${end}\\n`)
/** What each hook tells of. */
const hooks = { 'post-commit': '--commit', 'post-merge': '--since ORIG_HEAD' }

/**
 * Adds lines of ours to the repository's own hooks, for commits that no agent makes. They stand
 * first, since a hook may end anywhere, and change neither what it reads nor how it ends.
 * @throws CliError where a hook is no shell script
 */
export async function addGitHooks(changes: Changes): Promise<void> {
  const { place } = changes
  const folder = relative(place.root, place.folder).split(sep).join('/')
  const script = `${folder ? `${folder}/` : ''}${extensionFolder}/scripts/notify.mjs`
  for (const [name, option] of Object.entries(hooks)) {
    const file = await hookFile(place, name)
    const text = (await readFile(file, 'utf8').catch(unlessMissing)) ?? '#!/bin/sh\n'
    const [, shebang = ''] = /^(#!.*\n)/.exec(text) ?? []
    if (!/^#!.*\b(ba|da|k|z)?sh\b/.test(shebang)) {
      throw new CliError(
        `${file} is no shell script, so nothing was added: let it run "node ${script} ${option}" itself.`,
      )
    }
    const ours = `${begin}\nnode '${script.replaceAll("'", "'\\''")}' ${option} </dev/null || :\n${end}\n`
    const rest = text.slice(shebang.length).replace(block, '')
    await changes.writeAt(file, `${shebang}${ours}${rest}`, 0o755)
  }
}

export async function removeGitHooks(changes: Changes): Promise<void> {
  for (const name of Object.keys(hooks)) {
    const file = await hookFile(changes.place, name)
    const text = await readFile(file, 'utf8').catch(unlessMissing)
    if (text === undefined || !block.test(text)) continue
    const rest = text.replace(block, '')
    if (/^#!.*\s*$/.test(rest)) await changes.removeAt(file)
    else await changes.writeAt(file, rest, 0o755)
  }
}

export async function hasGitHooks(place: Place): Promise<boolean> {
  const texts = await Promise.all(
    Object.keys(hooks).map(async (name) =>
      readFile(await hookFile(place, name), 'utf8').catch(unlessMissing),
    ),
  )
  return texts.every((text) => text !== undefined && block.test(text))
}

/** Where Git looks for the hook: also in a linked worktree, and with core.hooksPath. */
const hookFile = async ({ folder, git }: Place, name: string) =>
  resolve(folder, await git('rev-parse', '--git-path', `hooks/${name}`))
