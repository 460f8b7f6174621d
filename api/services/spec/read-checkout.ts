import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Project } from '../../core/entities/project.ts'
import { invalid } from '../../core/errors.ts'

const maxBytes = 8_000_000

/**
 * The tasks.md of a spec in a project's local checkout, as it is on disk. Links are followed only
 * as far as they stay inside the repository.
 */
export async function readCheckout(project: Project, folder: string): Promise<string> {
  if (project.local_path === null) {
    throw invalid(
      'content',
      'local_checkout',
      'the project has no local checkout; send the text of tasks.md, or run the flow sync_tasks_to_sprint',
    )
  }
  const root = await realpath(project.local_path).catch(unreadable(project.local_path))
  const file = await realpath(join(root, folder, 'tasks.md')).catch(
    unreadable(`${folder}/tasks.md`),
  )
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw invalid(
      'spec_path',
      'inside_repository',
      'leads out of the repository; name a file in it',
    )
  }
  const found = await stat(file)
  if (!found.isFile()) throw invalid('spec_path', 'tasks_md_exists', 'its tasks.md is not a file')
  if (found.size > maxBytes) {
    throw invalid('spec_path', 'tasks_md_size', `is larger than ${maxBytes} bytes`)
  }
  const bytes = await readFile(file).catch(unreadable(`${folder}/tasks.md`))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw Object.assign(invalid('spec_path', 'utf_8', 'is not UTF-8; save it as UTF-8'), {
      cause: error,
    })
  }
}

const unreadable = (what: string) => (error: NodeJS.ErrnoException) => {
  throw invalid(
    'spec_path',
    'tasks_md_exists',
    error.code === 'ENOENT' || error.code === 'ENOTDIR'
      ? `there is no ${what} in the local checkout; run /speckit.tasks, or name another spec`
      : `${what} cannot be read (${error.code})`,
  )
}
