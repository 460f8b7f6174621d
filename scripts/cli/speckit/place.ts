import { lstat, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../../connect/client.ts'
import { codeOf } from '../../postgres/error.ts'

/** A Spec Kit project: the folder that holds `.specify`, in a Git repository. */
export interface Place {
  /** Absolute, links resolved. */
  folder: string
  /** The repository's working tree, which may begin above it. */
  root: string
  git(...args: string[]): Promise<string>
}

export const extensionFolder = '.specify/extensions/devgodzilla'

/** @throws CliError where the folder is in no Git repository */
export async function openPlace(path: string): Promise<Place> {
  const folder = await realpath(resolve(path)).catch((error: unknown) => {
    throw new CliError(`${path} cannot be read: ${codeOf(error)}.`, { cause: error })
  })
  if (!(await stat(folder)).isDirectory()) throw new CliError(`${path} is not a folder.`)
  const git = async (...args: string[]) => {
    const { stdout, exitCode } = await execa('git', args, { cwd: folder, reject: false })
    return exitCode === 0 ? stdout.trim() : ''
  }
  const top = await git('rev-parse', '--show-toplevel')
  if (top === '') {
    throw new CliError(
      `${path} is no Git repository: run "git init" there, or name another folder.`,
    )
  }
  return { folder, root: await realpath(top), git }
}

/**
 * The absolute path of a file of the project; nothing on the way to it may be a link, which could
 * lead out of the project.
 * @throws CliError naming the link
 */
export async function confined({ folder }: Place, path: string): Promise<string> {
  let here = folder
  for (const part of path.split('/')) {
    here = join(here, part)
    const found = await lstat(here).catch(unlessMissing)
    if (found?.isSymbolicLink()) {
      throw new CliError(
        `${relative(folder, here).split(sep).join('/')} is a link: put a folder or file of its own there, then try again.`,
      )
    }
  }
  return here
}

export function unlessMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
  throw error
}
