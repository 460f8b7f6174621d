import { posix } from 'node:path'

/** `spec_path` may name the folder or its tasks.md: the folder is what a spec is known by. */
export function specFolder(path: string): string {
  const normal = posix.normalize(path.replaceAll('\\', '/')).replace(/\/+$/, '')
  return posix.basename(normal) === 'tasks.md' ? posix.dirname(normal) : normal
}
