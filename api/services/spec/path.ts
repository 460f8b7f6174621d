import { posix } from 'node:path'

/** The folder of a spec.md or plan.md, which agents are given to read; null for any other file. */
export function besideTasks(file: string): string | null {
  const path = posix.normalize(file.replaceAll('\\', '/'))
  return /^(spec|plan)\.md$/.test(posix.basename(path)) ? posix.dirname(path) : null
}

/** `spec_path` may name the folder or its tasks.md: the folder is what a spec is known by. */
export function specFolder(path: string): string {
  const normal = posix.normalize(path.replaceAll('\\', '/')).replace(/\/+$/, '')
  return posix.basename(normal) === 'tasks.md' ? posix.dirname(normal) : normal
}
