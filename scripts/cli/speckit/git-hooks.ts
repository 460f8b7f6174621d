import { lstat, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { CliError } from '../../connect/client.ts'
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
    await refuseForeign(place, file)
    const plain = isHusky(dirname(file)) ? '' : '#!/bin/sh\n'
    const text = (await readFile(file, 'utf8').catch(unlessMissing)) ?? plain
    const [, shebang = ''] = /^(#!.*\n)/.exec(text) ?? []
    if (shebang !== plain && !/^#!.*\b(ba|da|k|z)?sh\b/.test(shebang)) {
      throw new CliError(
        `${file} is no shell script, so nothing was added: let it run "node ${script} ${option}" itself.`,
      )
    }
    const quoted = `'${script.replaceAll("'", "'\\''")}'`
    // On an older branch, there may be no such file.
    const line = `[ ! -f ${quoted} ] || node ${quoted} ${option} </dev/null || :`
    const ours = `${begin}\n${line}\n${end}\n`
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
    if (/^(#!.*)?\s*$/.test(rest)) await changes.removeAt(file)
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

/**
 * Where the hook belongs: where Git looks for it, also in a linked worktree and with core.hooksPath;
 * with husky, where it does, which makes Git's folder anew all the time.
 */
async function hookFile({ folder, git }: Place, name: string): Promise<string> {
  const file = resolve(folder, await git('rev-parse', '--git-path', `hooks/${name}`))
  const parent = dirname(file)
  const husky = basename(parent) === '_' && isHusky(dirname(parent))
  return husky ? join(dirname(parent), name) : file
}

const isHusky = (folder: string) => basename(folder) === '.husky'

/** @throws CliError where the hook is not this repository's alone */
async function refuseForeign({ folder, root, git }: Place, file: string): Promise<void> {
  const parent = (await realpath(dirname(file)).catch(unlessMissing)) ?? dirname(file)
  const own = await realpath(resolve(folder, await git('rev-parse', '--git-common-dir')))
  const isLink = (await lstat(file).catch(unlessMissing))?.isSymbolicLink()
  if (!isLink && [own, root].some((place) => `${parent}${sep}`.startsWith(`${place}${sep}`))) return
  throw new CliError(
    `${file} ${isLink ? 'is a link' : 'is a hook of other repositories too (core.hooksPath)'}, so nothing was added: install without --hook, or give this repository hooks of its own.`,
  )
}
