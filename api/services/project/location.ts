import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DomainError, invalid } from '../../core/errors.ts'
import type { Work } from '../runtime.ts'

/**
 * A local path lets flows read and write files of this machine, so only an admin may set one,
 * and only to a Git repository.
 */
export async function checkLocation(work: Work, path: string | null | undefined): Promise<void> {
  if (path == null) return
  if (work.caller.role !== 'admin') {
    throw new DomainError(
      'forbidden',
      'local_path_admin_only',
      'local_path: only an admin may point a project at a folder of the server; use repo_url.',
    )
  }
  const git = await stat(join(path, '.git')).catch((error: NodeJS.ErrnoException) => error)
  if (git instanceof Error) {
    throw invalid(
      'local_path',
      'git_repository',
      git.code === 'ENOENT' || git.code === 'ENOTDIR'
        ? `"${path}" is not the root of a Git repository on the server; run git init there`
        : `"${path}" cannot be read (${git.code})`,
    )
  }
}
