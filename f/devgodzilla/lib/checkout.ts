import { appendFile, mkdir } from 'node:fs/promises'
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
  /** The commit that the files are of. */
  base: string
  /** Where the changes are to go. */
  branch: string
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
  git: GitResource,
  { branch, base = project.default_branch, name = '', ignore = [] }: CheckoutOptions,
  use: (checkout: Checkout) => Promise<T>,
  job: Job = currentJob(),
): Promise<T> {
  checkBranch(branch, 'branch')
  checkBranch(base, 'base')
  const origin = await originOf(project, git)
  return withJobFolder(
    job,
    async (parent) => {
      const folder = join(parent, 'files')
      const commit = await cloneInto(folder, project, origin, [branch, base])
      const checkout = gitIn(folder, betweenFolders)
      await checkout.raw('checkout', '--quiet', '-B', branch)
      if (ignore.length > 0) {
        await mkdir(join(folder, '.git/info'), { recursive: true })
        await appendFile(join(folder, '.git/info/exclude'), `${ignore.join('\n')}\n`)
      }
      return use({ folder, base: commit, branch, git: checkout, origin })
    },
    name,
  )
}
