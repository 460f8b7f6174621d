import { appendFile, copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { betweenFolders, checkBranch, type GitResource, gitIn } from './git.ts'
import { currentJob, type Job } from './job.ts'
import { withJobFolder } from './job_folder.ts'
import type { Origin } from './origin.ts'
import { cloneInto, originOf, type ProjectSource } from './repository.ts'

/** A project's files in a private folder, to be changed and then published. */
export interface Checkout {
  /** Absolute. What runs in it can reach neither the project's own working tree nor its host. */
  folder: string
  /**
   * Absolute: the repository that is published from. It is not in the folder: what is in there
   * belongs to whoever works in it, its .git as well, and no configuration of theirs is to run here.
   */
  repository: string
  /** The commit that the files are of. */
  base: string
  /** Where the changes are to go. */
  branch: string
  /** In the repository above, with the files of the folder. */
  git: SimpleGit
  origin: Origin
}

export interface CheckoutOptions {
  /** Exists, or is made when something is published. The files are of this branch, if it exists. */
  branch: string
  /** Where a branch that does not exist begins: a branch, a tag or a commit's full hash. */
  base?: string
  /** What it is for, such as the step; part of the folder's name. */
  name?: string
  /** Files that are not published, as gitignore patterns. */
  ignore?: string[]
}

/** Opens a private checkout of a project for `use`; it is removed afterwards. */
export async function withCheckout<T>(
  project: ProjectSource,
  credentials: GitResource,
  { branch, base = project.default_branch, name = '', ignore = [] }: CheckoutOptions,
  use: (checkout: Checkout) => Promise<T>,
  job: Job = currentJob(),
): Promise<T> {
  checkBranch(branch, 'branch')
  checkBranch(base, 'base')
  const origin = await originOf(project, credentials)
  return withJobFolder(
    job,
    async (parent) => {
      const folder = join(parent, 'files')
      const repository = join(parent, 'repository')
      const commit = await cloneInto(folder, project, origin, [branch, base])
      await gitIn(folder, betweenFolders).raw('checkout', '--quiet', '-B', branch)
      await rename(join(folder, '.git'), repository)
      await lend(repository, folder)
      for (const info of [join(repository, 'info'), join(folder, '.git/info')]) {
        await mkdir(info, { recursive: true })
        await appendFile(join(info, 'exclude'), `${ignore.join('\n')}\n`)
      }
      const git = gitIn(folder, {
        ...betweenFolders,
        GIT_DIR: repository,
        GIT_WORK_TREE: folder,
      })
      return use({ folder, repository, base: commit, branch, git, origin })
    },
    name,
  )
}

/** Gives a folder a .git of its own: to look into the history with, and to commit to in vain. */
async function lend(repository: string, folder: string): Promise<void> {
  const lent = `${repository}.lent`
  const git = gitIn(folder, betweenFolders)
  await git.raw('clone', '--quiet', '--shared', '--no-checkout', '--', repository, lent)
  await copyFile(join(repository, 'index'), join(lent, '.git/index'))
  await rename(join(lent, '.git'), join(folder, '.git'))
  await rm(lent, { recursive: true })
  await git.raw('remote', 'remove', 'origin')
}
