import { lstat, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import {
  authenticationFor,
  checkBranch,
  checkRemote,
  type GitResource,
  gitIn,
  withoutSecrets,
} from './git.ts'
import { currentJob, type Job } from './job.ts'

/** What a project says about where its files are. */
export interface ProjectSource {
  slug: string
  local_path: string | null
  repo_url: string | null
  default_branch: string
}

/** A project's files, open for reading and for writing ticks back. */
export interface Repository {
  kind: 'working tree' | 'clone'
  /** Absolute, links resolved: nothing outside of it is read or written. */
  root: string
  branch: string
  git: SimpleGit
}

const prefix = 'devgodzilla-clone-'
/** Far more than the longest step needs; what is older was left by a process that died. */
const abandoned = 3_600_000

/**
 * Opens the repository of a project for `use`: its working tree where that is on this machine,
 * else a fresh clone of the default branch, removed afterwards.
 */
export async function withRepository<T>(
  project: ProjectSource,
  git: GitResource,
  use: (repository: Repository) => Promise<T>,
  job: Job = currentJob(),
): Promise<T> {
  checkBranch(project.default_branch)
  if (project.local_path && (await isFolder(project.local_path))) {
    const root = await realpath(project.local_path)
    const tree = gitIn(root)
    if (!(await tree.checkIsRepo())) {
      throw new Error(
        `local_path ${project.local_path} of project ${project.slug} is not a Git repository: ` +
          'run git init there, or correct the project',
      )
    }
    return use({ kind: 'working tree', root, branch: project.default_branch, git: tree })
  }
  if (!project.repo_url) throw nowhere(project)
  await removeAbandoned()
  const root = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${folderName(job.id)}-`)))
  try {
    return await use(await clone(project, project.repo_url, git, root))
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function clone(
  project: ProjectSource,
  url: string,
  credentials: GitResource,
  root: string,
): Promise<Repository> {
  checkRemote(url)
  const branch = project.default_branch
  const git = gitIn(root, authenticationFor(url, credentials))
  try {
    await git.raw(
      ...['clone', '--quiet', '--depth', '1', '--single-branch', '--no-tags'],
      ...['--branch', branch, '--', url, root],
    )
  } catch (cause) {
    throw new Error(
      `cannot clone branch ${branch} of ${withoutSecrets(url)} (project ${project.slug}): ` +
        `${message(cause)}; check repo_url, default_branch, and the host's entry in the ` +
        'resource f/devgodzilla/git',
      { cause },
    )
  }
  return { kind: 'clone', root, branch, git }
}

function nowhere({ slug, local_path }: ProjectSource): Error {
  return new Error(
    local_path
      ? `local_path ${local_path} of project ${slug} is not on this machine, and the project has ` +
          'no repo_url to clone: give it one, or run the flow where the folder is'
      : `project ${slug} has neither a local_path nor a repo_url: give it one of the two`,
  )
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    const found = await lstat(folder).catch(missing)
    if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) continue
    if (Date.now() - found.mtimeMs < abandoned) continue
    await rm(folder, { recursive: true, force: true })
  }
}

const folderName = (id: string) => id.replace(/[^\w-]/g, '_').slice(0, 64)

export const message = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).trim()

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(missing))?.isDirectory() ?? false
}

/** For a `catch`: a file that is not there is an answer, anything else stays an error. */
export function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && isAbsence.has(String(error.code))) return
  throw error
}
const isAbsence = new Set(['ENOENT', 'ENOTDIR'])
