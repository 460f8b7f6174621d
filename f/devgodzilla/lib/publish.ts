import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkout } from './checkout.ts'
import { message, missing } from './files.ts'
import { checkBranch } from './git.ts'

export type Published =
  | { state: 'published'; branch: string; commit: string }
  /** Nothing differs from what was checked out, or from what is on the branch by now. */
  | { state: 'nothing new'; branch: string; commit: string }
  /** Others changed the same lines since. Nothing was published; the checkout keeps its work. */
  | { state: 'conflict'; branch: string; files: string[] }

const attempts = 8

/**
 * Commits everything in a checkout as one commit, and puts it on its branch, on top of what came
 * there meanwhile. Never by force.
 * @param branch another one than the checkout's: for work that conflicts, to keep it
 * @throws where the origin refuses the branch, or it moves faster than this can follow
 */
export async function publish(
  checkout: Checkout,
  commitMessage: string,
  branch: string = checkout.branch,
): Promise<Published> {
  checkBranch(branch, 'branch')
  const { git, repository, origin, base } = checkout
  // Whatever was committed in it meanwhile, or on which branch: one commit of what there is now.
  await takeInRepositories(checkout)
  await git.raw('add', '--all')
  const tree = (await git.raw('write-tree')).trim()
  const before = (await git.raw('rev-parse', `${base}^{tree}`)).trim()
  if (tree === before) return { state: 'nothing new', branch, commit: base }
  const work = (await git.raw('commit-tree', tree, '-p', base, '-m', commitMessage)).trim()
  let commit = work
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await git.raw('checkout', '--quiet', '--force', '--detach', commit)
    if (await origin.push(repository, branch)) return { state: 'published', branch, commit }
    await sleep(Math.random() * 150 * attempt)
    const tip = await origin.fetch(repository, branch)
    if (tip === undefined) continue
    const files = await rebase(checkout, work, tip)
    if (files.length > 0) {
      await git.raw('checkout', '--quiet', '--force', '--detach', work)
      return { state: 'conflict', branch, files }
    }
    commit = (await git.raw('rev-parse', 'HEAD')).trim()
    if (commit === tip) return { state: 'nothing new', branch, commit }
  }
  throw new Error(
    `branch ${branch} of ${origin.name} moved ${attempts} times while this was pushed: ` +
      'run the step again',
  )
}

/**
 * A repository within the checkout would be published as a link to commits that nobody else has,
 * and git would run what its configuration says: its files are taken, its .git is not.
 */
async function takeInRepositories({ git, folder }: Checkout): Promise<void> {
  const known = await git.raw('ls-files', '-z', '--stage')
  for (const entry of known.split('\0').filter((it) => it.startsWith('160000 '))) {
    const path = join(folder, entry.slice(entry.indexOf('\t') + 1))
    // A link on the way would lead to a repository of somebody else.
    if ((await realpath(path).catch(missing)) === path) await rm(join(path, '.git'), all)
  }
  for (;;) {
    const others = await git.raw('ls-files', '-z', '--others', '--exclude-standard')
    const made = others.split('\0').filter((path) => path.endsWith('/'))
    if (made.length === 0) return
    for (const path of made) await rm(join(folder, path, '.git'), all)
  }
}
const all = { recursive: true, force: true }

/** @returns the files in conflict; then nothing is rebased */
async function rebase({ git, base }: Checkout, work: string, tip: string): Promise<string[]> {
  try {
    await git.raw('rebase', '--quiet', '--onto', tip, base, work)
    return []
  } catch (error) {
    const unmerged = await git.raw('diff', '--name-only', '--diff-filter=U', '-z')
    await git.raw('rebase', '--abort').catch(() => undefined)
    const files = unmerged.split('\0').filter(Boolean)
    if (files.length === 0)
      throw new Error(`cannot rebase onto ${tip}: ${message(error)}`, { cause: error })
    return files
  }
}
