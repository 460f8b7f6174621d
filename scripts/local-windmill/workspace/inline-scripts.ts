import { join, relative, resolve } from 'node:path'
import { FlowRefused } from '../openflow/check-flow.ts'
import type { FlowModule, ModuleValue, OpenFlow } from '../openflow/types.ts'
import type { CachedFiles } from './cached-files.ts'

const INLINE = /^!inline\s+(.+)$/

/** Puts the files that a flow names by `!inline` into it, so that it stands on its own. */
export async function inlineScripts(
  path: string,
  flow: OpenFlow,
  folder: string,
  files: CachedFiles,
): Promise<OpenFlow> {
  const value = async (given: ModuleValue): Promise<ModuleValue> => {
    switch (given.type) {
      case 'rawscript': {
        const name = given.content.match(INLINE)?.[1]?.trim()
        if (!name) return { ...given, file: join(folder, 'inline.ts') }
        const file = resolve(folder, name)
        if (relative(folder, file).startsWith('..')) {
          throw new FlowRefused(path, [`!inline ${name} lies outside the flow's folder`])
        }
        const content = await files.text(file)
        if (content === undefined) throw new FlowRefused(path, [`!inline ${name} does not exist`])
        return { ...given, content, file }
      }
      case 'forloopflow':
      case 'whileloopflow':
        return { ...given, modules: await modules(given.modules) }
      case 'branchone':
        return {
          ...given,
          branches: await Promise.all(
            given.branches.map(async (branch) => ({
              ...branch,
              modules: await modules(branch.modules),
            })),
          ),
          default: await modules(given.default),
        }
      case 'branchall':
        return {
          ...given,
          branches: await Promise.all(
            given.branches.map(async (branch) => ({
              ...branch,
              modules: await modules(branch.modules),
            })),
          ),
        }
      default:
        return given
    }
  }
  const module = async (given: FlowModule): Promise<FlowModule> => ({
    ...given,
    value: await value(given.value),
  })
  const modules = (given: FlowModule[]) => Promise.all(given.map(module))

  const { failure_module, preprocessor_module } = flow.value
  return {
    ...flow,
    value: {
      ...flow.value,
      modules: await modules(flow.value.modules),
      ...(failure_module && { failure_module: await module(failure_module) }),
      ...(preprocessor_module && { preprocessor_module: await module(preprocessor_module) }),
    },
  }
}
