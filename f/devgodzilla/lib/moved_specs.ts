import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import { missing } from './files.ts'
import { gitIn } from './git.ts'
import { documents, type Repository } from './repository.ts'
import { listSpecs, readFile, sha256 } from './spec_files.ts'

/** A spec as it was when it was imported last. */
export interface KnownSpec {
  path: string
  status?: string | undefined
  content_hash: string | null
  commit_sha?: string | null | undefined
}

export interface Moves<S extends KnownSpec> {
  moved: { spec: S; to: string }[]
  /** Moves that could be several: for somebody to decide. */
  unclear: { spec: S; targets: string[]; reason: string }[]
}

/** More new folders than a repository has at once; each is read. */
const mostFolders = 500
/** Of tasks.md in percent: files made from one template are alike, so git's own 50 says little. */
const alike = 80

/**
 * Finds where the specs went whose tasks.md is gone: to the one new folder with the same text, or
 * to the one that git takes for the renamed one.
 * @param specs all that are known of the repository: where another spec is, none moves to
 */
export async function findMoves<S extends KnownSpec>(
  repository: Repository,
  specs: readonly S[],
): Promise<Moves<S>> {
  const found: Moves<S> = { moved: [], unclear: [] }
  const lost = await lostOf(repository, specs)
  if (lost.length === 0) return found
  const folders = await newFolders(repository, new Set(specs.map(({ path }) => path)))
  const renamed = await renamesOf(repository, lost, [...folders.keys()])
  const claims = new Map<string, S[]>()
  for (const spec of lost) {
    const targets = new Set([
      ...sameText(spec, folders),
      ...(renamed.get(spec) ?? []).filter((path) => folders.has(path)),
    ])
    if (targets.size > 1) {
      found.unclear.push({
        ...{ spec, targets: [...targets] },
        reason: `it may be ${[...targets].join(' or ')} now`,
      })
    }
    for (const to of targets.size === 1 ? targets : []) {
      claims.set(to, [...(claims.get(to) ?? []), spec])
    }
  }
  for (const [to, claimants] of claims) {
    const [spec, ...others] = claimants
    if (spec && others.length === 0) found.moved.push({ spec, to })
    else {
      const reason = `${to} may be any of ${claimants.map(({ path }) => path).join(', ')}`
      found.unclear.push(...claimants.map((it) => ({ spec: it, targets: [to], reason })))
    }
  }
  return found
}

async function lostOf<S extends KnownSpec>({ root }: Repository, specs: readonly S[]) {
  const lost: S[] = []
  for (const spec of specs) {
    if (spec.content_hash === null || spec.status === 'archived') continue
    if ((await readFile(root, `${spec.path}/tasks.md`)) === undefined) lost.push(spec)
  }
  return lost
}

/** Folders with a tasks.md that belong to no spec yet, each with the hash of it. */
async function newFolders(repository: Repository, known: ReadonlySet<string>) {
  const there = (await listSpecs(repository)).filter(({ files }) => files.includes('tasks.md'))
  const folders = new Map<string, string>()
  for (const { path } of there.filter((it) => !known.has(it.path)).slice(0, mostFolders)) {
    const bytes = await readFile(repository.root, `${path}/tasks.md`)
    if (bytes !== undefined) folders.set(path, sha256(bytes))
  }
  return folders
}

/** Of several with the same text, the one whose folder kept its name, if one alone did. */
function sameText({ path, content_hash }: KnownSpec, folders: Map<string, string>): string[] {
  const same = [...folders].filter(([, hash]) => hash === content_hash).map(([folder]) => folder)
  const namesakes = same.filter((folder) => posix.basename(folder) === posix.basename(path))
  return namesakes.length === 1 ? namesakes : same
}

/** Where git sees each of them now, as if the tasks.md of these new folders were added already. */
async function renamesOf<S extends KnownSpec>(
  repository: Repository,
  specs: readonly S[],
  folders: readonly string[],
): Promise<Map<S, string[]>> {
  const { root, kind } = repository
  const found = new Map<S, string[]>()
  const own = await mkdtemp(join(tmpdir(), 'devgodzilla-index-'))
  try {
    let { git } = repository
    if (kind === 'working tree' && folders.length > 0) {
      // Git compares files that it knows; to add them to the project's own index is not for us.
      const index = (await git.raw('rev-parse', '--git-path', 'index')).trim()
      await copyFile(resolve(root, index), join(own, 'index')).catch(missing)
      git = gitIn(root, { GIT_INDEX_FILE: join(own, 'index') })
      const added = folders.map((folder) => `:(literal)${folder}/tasks.md`)
      await git.raw('add', '--intent-to-add', '--', ...added)
    }
    for (const spec of specs) found.set(spec, await renamedTo(git, spec))
  } finally {
    await rm(own, { recursive: true, force: true })
  }
  return found
}

/** Where git, comparing with the commit that was imported, sees the folder's documents now. */
async function renamedTo(
  git: Repository['git'],
  { path, commit_sha }: KnownSpec,
): Promise<string[]> {
  const base = commit_sha && (await exists(git, commit_sha)) ? commit_sha : 'HEAD'
  if (base === 'HEAD' && !(await exists(git, base))) return []
  const listed = await git.raw(
    ...['diff', '--name-status', '-z', '-M', '--diff-filter=R', '--no-rename-empty', base, '--'],
    ...documents.map((name) => `:(glob)**/${name}`),
  )
  const targets = new Set<string>()
  const fields = listed.split('\0')
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [status = '', from = '', to = ''] = fields.slice(at, at + 3)
    if (posix.dirname(from) !== path || posix.basename(from) !== posix.basename(to)) continue
    const score = Number(status.slice(1))
    if (score === 100 || (posix.basename(to) === 'tasks.md' && score >= alike)) {
      targets.add(posix.dirname(to))
    }
  }
  return [...targets]
}

const exists = async (git: Repository['git'], commit: string) =>
  /^([0-9a-f]{40}|[0-9a-f]{64}|HEAD)$/.test(commit) &&
  (await git.raw('rev-parse', '--verify', '--quiet', `${commit}^{commit}`)).trim() !== ''
