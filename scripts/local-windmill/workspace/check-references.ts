import { nearest } from '../../../api/core/nearest.ts'
import { FlowRefused } from '../openflow/check-flow.ts'
import type { FlowModule, FlowValue, Limits } from '../openflow/types.ts'
import type { WorkspaceFiles } from './workspace-files.ts'

export type CheckedReferences = { problems: string[]; warnings: string[] }

/**
 * Says what a flow names that does not exist, its sub-flows included, and what those use that
 * cannot run: a flow should not find out halfway. Warns of limits that hold for jobs alone.
 */
export async function checkReferences(
  files: WorkspaceFiles,
  value: FlowValue,
): Promise<CheckedReferences> {
  const problems: string[] = []
  const warnings = new Set<string>()
  const seen = new Set<string>()

  const visitFlow = async (flow: FlowValue): Promise<void> => {
    await visitAll(flow.modules)
    for (const module of [flow.failure_module, flow.preprocessor_module]) {
      if (module) await visit(module)
    }
  }
  const visitAll = async (modules: FlowModule[]): Promise<void> => {
    for (const module of modules) await visit(module)
  }
  const visit = async ({ id, value: inner }: FlowModule): Promise<void> => {
    switch (inner.type) {
      case 'script': {
        const script = await files.script(inner.path)
        if (script) return warnOfLimit(inner.path, script.limits)
        problems.push(await missing(files, `module ${id}`, 'script', inner.path))
        return
      }
      case 'flow':
        return visitSubflow(id, inner.path)
      case 'forloopflow':
      case 'whileloopflow':
        return visitAll(inner.modules)
      case 'branchone':
        await visitAll(inner.default)
        for (const branch of inner.branches) await visitAll(branch.modules)
        return
      case 'branchall':
        for (const branch of inner.branches) await visitAll(branch.modules)
    }
  }
  const visitSubflow = async (id: string, path: string): Promise<void> => {
    if (seen.has(path)) return
    seen.add(path)
    try {
      const checked = await files.flow(path)
      if (!checked) {
        problems.push(await missing(files, `module ${id}`, 'flow', path))
        return
      }
      warnOfLimit(path, checked.flow.value)
      await visitFlow(checked.flow.value)
    } catch (error) {
      if (!(error instanceof FlowRefused)) throw error
      problems.push(error.message)
    }
  }
  const warnOfLimit = (path: string, limits: Limits = {}) => {
    if (!limits.concurrent_limit) return
    warnings.add(`concurrent_limit of ${path} has no effect here where it is a step of a flow`)
  }

  await visitFlow(value)
  return { problems, warnings: [...warnings] }
}

async function missing(
  files: WorkspaceFiles,
  where: string,
  kind: 'script' | 'flow',
  path: string,
): Promise<string> {
  const near = await nearestPath(files, kind, path)
  return `${where} names ${kind} ${path}, which does not exist${near ? ` (did you mean ${near}?)` : ''}`
}

/** The path that was probably meant. */
export async function nearestPath(
  files: WorkspaceFiles,
  kind: 'script' | 'flow',
  path: string,
): Promise<string | undefined> {
  const { flows, scripts } = await files.list()
  return nearest(path, kind === 'flow' ? flows : scripts)
}
