import { mkdir, readlink, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { missing } from './files.ts'

/**
 * Checks out the files of these names alone, wherever they are, and whatever links in the
 * repository lead to: a large repository is not written out to read one file of it.
 */
export async function checkOutOnly(
  git: SimpleGit,
  folder: string,
  commit: string,
  names: readonly string[],
): Promise<void> {
  const links = await linksOf(git, commit)
  const checkOut = async (targets: string[]) => {
    const paths = [...links, ...targets].map((path) => `/${literal(path)}`)
    await mkdir(join(folder, '.git/info'), { recursive: true })
    await writeFile(join(folder, '.git/info/sparse-checkout'), [...names, ...paths, ''].join('\n'))
    await git.raw('config', 'core.sparseCheckout', 'true')
    await git.raw('config', 'core.sparseCheckoutCone', 'false')
    await git.raw('checkout', '--quiet', '--detach', commit)
    if (targets.length > 0) await git.raw('read-tree', '-m', '-u', 'HEAD')
  }
  await checkOut([])
  if (links.length > 0) await checkOut(await targetsOf(folder, links))
}

async function linksOf(git: SimpleGit, commit: string): Promise<string[]> {
  const listed = await git.raw('ls-tree', '-r', '-z', commit)
  const entries = listed.split('\0').filter((entry) => entry.startsWith('120000 '))
  return entries.map((entry) => entry.slice(entry.indexOf('\t') + 1))
}

/** Where links lead to in the repository, as paths of it. */
async function targetsOf(folder: string, links: string[]): Promise<string[]> {
  const found: string[] = []
  for (const link of links) {
    const target = await readlink(join(folder, link)).catch(missing)
    if (target === undefined) continue
    const path = posix.join(posix.dirname(link), target)
    if (!target.startsWith('/') && !path.startsWith('..') && path !== '.') found.push(path)
  }
  return found
}

/** As a pattern that means this path and nothing else. */
export const literal = (path: string) => path.replace(/\/$/, '').replace(/[\\*?[\]!# ]/g, '\\$&')
