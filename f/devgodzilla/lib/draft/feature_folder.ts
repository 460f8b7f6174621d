import type { Repository } from '../repository.ts'
import { listSpecs, sha256 } from '../spec_files.ts'
import { slugOf } from './request_stories.ts'

/** The line of a spec.md by which the same request finds its folder again. */
export const markOf = (request: string): string =>
  `<!-- devgodzilla: made from request ${sha256(request.replace(/\s+/g, ' ').trim()).slice(0, 16)} -->`

/** The feature folder that was made from a request, if there is one: the oldest of them. */
export async function folderOf({ git }: Repository, request: string): Promise<string | undefined> {
  const found = await git.raw(
    ...['grep', '-l', '-z', '--untracked', '--fixed-strings', '-e', markOf(request), '--'],
    ':(glob)**/specs/**/spec.md',
  )
  const [first] = found.split('\0').filter(Boolean).sort()
  return first?.slice(0, first.lastIndexOf('/'))
}

/** The folder for a new feature: SpecKit's next free number, and what the request is about. */
export async function nextFolder(repository: Repository, request: string): Promise<string> {
  const specs = await listSpecs(repository)
  const parents = new Set(specs.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))
  const [only] = parents
  const parent = parents.size === 1 && only?.endsWith('specs') ? only : 'specs'
  // SpecKit names a branch like the folder, so a number may be taken before the folder is there.
  const branches = await repository.git.raw(
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads',
    'refs/remotes',
  )
  const names = [...specs.map(({ path }) => path), ...branches.split('\n')]
  const numbers = names.map((name) => /(?:^|\/)(\d{3,6})-[^/]*$/.exec(name)?.[1] ?? '0')
  const next = Math.max(0, ...numbers.map(Number)) + 1
  return `${parent}/${String(next).padStart(3, '0')}-${slugOf(request)}`
}
