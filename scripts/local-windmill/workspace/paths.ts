import { join } from 'node:path'

/** A workspace path such as f/devgodzilla/sync: no dots, so it never leaves its folder. */
const WORKSPACE_PATH = /^[fu](\/[\w-]+){2,}$/

export function isWorkspacePath(path: string): boolean {
  return path.length <= 500 && WORKSPACE_PATH.test(path)
}

/** Both ways that Windmill names a flow's folder; `nonDottedPaths: true` is the first. */
export function flowFolders(root: string, path: string): string[] {
  return [join(root, `${path}__flow`), join(root, `${path}.flow`)]
}

export function scriptFile(root: string, path: string): string {
  return join(root, `${path}.ts`)
}
