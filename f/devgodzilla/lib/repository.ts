import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { missing } from './files.ts'
import {
  betweenFolders,
  checkBranch,
  checkRemote,
  type GitResource,
  gitIn,
  gitReason,
} from './git.ts'
import { currentJob, type Job } from './job.ts'
import { withJobFolder } from './job_folder.ts'
import { localOrigin, type Origin, remoteOrigin } from './origin.ts'

/** What a project says about where its files are. */
export interface ProjectSource {
  slug: string
  local_path: string | null
  repo_url: string | null
  default_branch: string
}

/** SpecKit's documents. */
export const documents = ['spec.md', 'plan.md', 'tasks.md'] as const

/** A project's documents, open for reading and for writing ticks back. */
export type Repository = {
  /** Absolute, links resolved: nothing outside of it is read or written. */
  root: string
  branch: string
  git: SimpleGit
} & (
  | { kind: 'working tree' }
  | { kind: 'clone'; origin: Origin; commit: string; readOnly: boolean }
)

/**
 * Opens the repository of a project for `use`: its working tree where that is on this machine,
 * else a clone of the default branch with nothing but SpecKit's documents, removed afterwards.
 * @param only in place of those, what a clone has: patterns of a sparse checkout
 * @param ref a branch, a tag or a commit's full hash: read from a clone in any case, and not written
 */
export async function withRepository<T>(
  project: ProjectSource,
  git: GitResource,
  use: (repository: Repository) => Promise<T>,
  job: Job = currentJob(),
  ref?: string | null,
  only: readonly string[] = documents,
): Promise<T> {
  const branch = project.default_branch
  checkBranch(branch)
  if (ref) checkBranch(ref, 'ref')
  const local = ref ? undefined : await localRoot(project)
  if (local) return use({ kind: 'working tree', root: local, branch, git: gitIn(local) })
  const origin = await originOf(project, git)
  return withJobFolder(job, async (parent) => {
    const root = join(parent, 'files')
    const commit = await cloneInto(root, project, origin, [ref || branch], only)
    return use({
      ...{ kind: 'clone', root, branch, origin, commit, readOnly: Boolean(ref) },
      git: gitIn(root, betweenFolders),
    })
  })
}

/** @throws saying what to check, where the first of the refs that exist cannot be had */
export async function cloneInto(
  folder: string,
  { slug }: ProjectSource,
  origin: Origin,
  refs: string[],
  only?: readonly string[],
): Promise<string> {
  const failed = (reason: string, cause?: unknown) =>
    new Error(
      `cannot clone ${refs.at(-1)} of ${origin.name} (project ${slug}): ${reason}; check repo_url, ` +
        "default_branch, and the host's entry in the resource f/devgodzilla/git",
      { cause },
    )
  try {
    for (const ref of refs) {
      const commit = await origin.clone(folder, ref, only)
      if (commit !== undefined) return commit
    }
  } catch (cause) {
    throw failed(gitReason(cause), cause)
  }
  throw failed('there is no such branch, tag or commit')
}

/** Where a project's commits are: on this machine, else at its URL. */
export async function originOf(project: ProjectSource, git: GitResource): Promise<Origin> {
  const root = await localRoot(project)
  if (root) return localOrigin(root)
  if (!project.repo_url) throw nowhere(project)
  checkRemote(project.repo_url)
  return remoteOrigin(project.repo_url, git)
}

async function localRoot({ slug, local_path }: ProjectSource): Promise<string | undefined> {
  if (!local_path || !(await stat(local_path).catch(missing))?.isDirectory()) return undefined
  const root = await realpath(local_path)
  if (await gitIn(root).checkIsRepo()) return root
  throw new Error(
    `local_path ${local_path} of project ${slug} is not a Git repository: ` +
      'run git init there, or correct the project',
  )
}

function nowhere({ slug, local_path }: ProjectSource): Error {
  return new Error(
    local_path
      ? `local_path ${local_path} of project ${slug} is not on this machine, and the project has ` +
          'no repo_url to clone: give it one, or run the flow where the folder is'
      : `project ${slug} has neither a local_path nor a repo_url: give it one of the two`,
  )
}
