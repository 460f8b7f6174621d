import { randomUUID } from 'node:crypto'
import { transform } from 'esbuild'
import { type Fields, interpolated, type StoredWorkspace } from './stored-workspace.ts'

/** Runs a preview of a bun script at once, as a worker would. @returns the id of its job */
export async function runPreview(workspace: StoredWorkspace, body: Fields): Promise<string> {
  const id = randomUUID()
  const { code } = await transform(String(body.content), { loader: 'ts', format: 'esm' })
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    main: (...args: unknown[]) => unknown
  }
  const args = Object.values(interpolated(workspace, body.args) as Fields)
  workspace.jobs.set(id, { success: true, result: await module.main(...args) })
  return id
}
