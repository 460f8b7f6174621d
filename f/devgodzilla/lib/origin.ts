import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimpleGit } from 'simple-git'
import { message } from './files.ts'
import {
  authenticationFor,
  betweenFolders,
  type GitResource,
  gitIn,
  gitReason,
  withoutSecrets,
} from './git.ts'
import { dropMirror, openMirror, ownRef, tidyMirror } from './mirror.ts'
import { checkOutOnly } from './sparse.ts'

/**
 * Where a project's commits come from and go to. A clone made from it knows no URL and no
 * password: whatever runs in it, only what is here speaks to the host.
 */
export interface Origin {
  /** As it may be shown. */
  name: string
  /**
   * Clones into an empty folder, at a commit.
   * @param ref a branch, a tag, or a commit's full hash
   * @param only names of files: no others are checked out
   * @returns the commit, checked out; undefined where there is no such ref
   */
  clone(folder: string, ref: string, only?: readonly string[]): Promise<string | undefined>
  /** Brings a clone the commit that a ref stands for by now; its files stay as they are. */
  fetch(folder: string, ref: string): Promise<string | undefined>
  /**
   * Puts a clone's HEAD on a branch, made when there is none; never by force.
   * @returns false where the branch has moved, and HEAD is not on top of it
   * @throws where the host refuses
   */
  push(folder: string, branch: string): Promise<boolean>
}

const moved =
  /non-fast-forward|fetch first|cannot lock ref|stale info|incorrect old value|reference already exists/
const noSuchRef = /couldn't find remote ref|not our ref|unadvertised object|no such remote ref/i
const hash = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** A local repository. Its branches take commits; the one that is checked out does not. */
export function localOrigin(root: string): Origin {
  const resolve = async (ref: string) => {
    const git = gitIn(root)
    for (const name of [...sourcesOf(ref), `refs/remotes/${ref}`]) {
      const found = await git.raw('rev-parse', '--verify', '--quiet', `${name}^{commit}`)
      if (found.trim() !== '') return found.trim()
    }
    return undefined
  }
  return {
    name: root,
    async clone(folder, ref, only) {
      const commit = await resolve(ref)
      if (commit !== undefined) await cloneAt(folder, commit, only, '--shared', '--', root)
      return commit
    },
    // A clone that shares its origin's objects sees the new ones.
    fetch: (_folder, ref) => resolve(ref),
    push: (folder, branch) => push(gitIn(folder, betweenFolders), root, 'HEAD', branch),
  }
}

/** A repository elsewhere, by way of this worker's mirror of it. */
export function remoteOrigin(url: string, credentials: GitResource): Origin {
  const authentication = authenticationFor(url, credentials)

  /** The commit, and the mirror's ref that holds it. */
  async function intoMirror(mirror: string, ref: string) {
    const git = gitIn(mirror, authentication)
    for (const source of sourcesOf(ref)) {
      const own = ownRef()
      try {
        await git.raw(...fetching, '--progress', '--', url, `+${source}:${own}`)
      } catch (error) {
        if (noSuchRef.test(message(error))) continue
        throw error
      }
      return { own, commit: (await git.raw('rev-parse', '--verify', `${own}^{commit}`)).trim() }
    }
    return undefined
  }

  async function withMirror<T>(use: (mirror: string) => Promise<T>): Promise<T> {
    const mirror = await openMirror(url)
    try {
      await tidyMirror(mirror)
      return await use(mirror)
    } catch (error) {
      // Where the host answers, it is the mirror that is broken.
      await gitIn(dirname(mirror), authentication)
        .raw('ls-remote', '--quiet', '--', url, 'HEAD')
        .catch(() => Promise.reject(error))
      console.warn(
        `fetching all of ${withoutSecrets(url)} again, its mirror broke: ${gitReason(error)}`,
      )
      await dropMirror(mirror)
      return use(await openMirror(url))
    }
  }

  return {
    name: withoutSecrets(url),
    clone: (folder, ref, only) =>
      withMirror(async (mirror) => {
        const found = await intoMirror(mirror, ref)
        if (found) await cloneAt(folder, found.commit, only, '--local', '--', mirror)
        return found?.commit
      }),
    fetch: (folder, ref) =>
      withMirror(async (mirror) => {
        const found = await intoMirror(mirror, ref)
        if (found) {
          await gitIn(folder, betweenFolders).raw(...fetching, '--quiet', '--', mirror, found.own)
        }
        return found?.commit
      }),
    async push(folder, branch) {
      const own = ownRef()
      const mirror = await withMirror(async (mirror) => {
        const git = gitIn(mirror, betweenFolders)
        await git.raw(...fetching, '--quiet', '--', folder, `+HEAD:${own}`)
        return mirror
      })
      return push(gitIn(mirror, authentication), url, own, branch)
    },
  }
}

const fetching = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-gc']

const sourcesOf = (ref: string) =>
  hash.test(ref) ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]

async function cloneAt(
  folder: string,
  commit: string,
  only: readonly string[] | undefined,
  ...from: string[]
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o700 })
    const git = gitIn(folder, betweenFolders)
    try {
      await git.raw('clone', '--quiet', '--no-checkout', ...from, folder)
      // Nothing that runs in the clone is to push by itself.
      await git.raw('remote', 'remove', 'origin')
      if (only) await checkOutOnly(git, folder, commit, only)
      else await git.raw('checkout', '--quiet', '--detach', commit)
      return
    } catch (error) {
      // Another job's fetch renames files of the mirror meanwhile.
      if (attempt === 4) throw error
      await sleep(Math.random() * 100 * attempt)
    }
  }
}

async function push(git: SimpleGit, to: string, what: string, branch: string): Promise<boolean> {
  const spec = `${what}:refs/heads/${branch}`
  const failure = await git
    .raw('push', '--quiet', '--porcelain', '--', to, spec)
    .then(() => undefined, gitReason)
  if (failure === undefined) return true
  if (moved.test(failure)) return false
  throw new Error(
    `branch ${branch} of ${withoutSecrets(to)} does not take a commit: ${failure}; let this ` +
      'account push to it, or merge the change some other way',
  )
}
