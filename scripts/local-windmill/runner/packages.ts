import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { OnResolveArgs, Plugin } from 'esbuild'

const RESOLVED = Symbol('resolved by us')

/**
 * Leaves npm packages out of the bundle, under the address of the file they resolve to, so that
 * the bundle may lie anywhere. Packages are looked for from the workspace, then from the engine.
 * `prebuilt` names another file for some. What a workspace script imports by path must lie in `f/`, as on Windmill.
 */
export function workspaceImports(root: string, prebuilt: Map<string, string>): Plugin {
  return {
    name: 'workspace-imports',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === 'entry-point' || args.pluginData === RESOLVED) return undefined
        if (isBuiltin(args.path)) return { path: args.path, external: true }
        if (/^\.{1,2}(\/|$)/.test(args.path)) return inside(args.path, args.resolveDir, args)
        if (/^\/[fu]\//.test(args.path)) return inside(`.${args.path}`, root, args)
        return packageFile(args)
      })

      async function inside(path: string, resolveDir: string, args: OnResolveArgs) {
        const found = await build.resolve(path, { ...from(args), resolveDir })
        const place = relative(root, found.path)
        if (found.errors.length === 0 && !/^[fu][\\/]/.test(place)) {
          return {
            errors: [{ text: `${args.path} lies outside f/, where scripts may not import` }],
          }
        }
        return found
      }

      async function packageFile(args: OnResolveArgs) {
        for (const resolveDir of [args.resolveDir, root, ENGINE]) {
          const found = await build.resolve(args.path, { ...from(args), resolveDir })
          if (found.errors.length === 0) {
            const { href } = pathToFileURL(found.path)
            const made = prebuilt.get(href)
            const path = made && existsSync(new URL(made)) ? made : href
            return { path, external: true }
          }
        }
        return { errors: [{ text: `the package ${args.path} is not installed` }] }
      }
    },
  }
}

const ENGINE = dirname(fileURLToPath(import.meta.url))

function from(args: OnResolveArgs) {
  return { importer: args.importer, kind: args.kind, pluginData: RESOLVED }
}
