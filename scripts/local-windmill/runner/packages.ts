import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { OnResolveArgs, Plugin } from 'esbuild'

const RESOLVED = Symbol('resolved by us')

/**
 * Takes of npm packages what a script uses, so that a step loads one small file; packages are looked
 * for from the workspace, then from the engine. CommonJS stays outside, under the address of its
 * file: it cannot be cut down, and may look for files beside it; without `bundlePackages` all of them
 * do. What a workspace script imports by path must lie in `f/`, as on Windmill.
 */
export function workspaceImports(
  root: string,
  { bundlePackages }: { bundlePackages: boolean },
): Plugin {
  return {
    name: 'workspace-imports',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === 'entry-point' || args.pluginData === RESOLVED) return undefined
        if (isBuiltin(args.path)) return { path: args.path, external: true }
        if (!isOfWorkspace(root, args.resolveDir)) return fromPackage(args)
        if (/^\.{1,2}(\/|$)/.test(args.path)) return inside(args.path, args.resolveDir, args)
        if (/^\/[fu]\//.test(args.path)) return inside(`.${args.path}`, root, args)
        const found = await packageFile(args, [args.resolveDir, root, ENGINE])
        return found ?? { errors: [{ text: `the package ${args.path} is not installed` }] }
      })

      async function inside(path: string, resolveDir: string, args: OnResolveArgs) {
        const found = await build.resolve(path, { ...from(args), resolveDir })
        if (found.errors.length === 0 && !isOfWorkspace(root, found.path)) {
          return {
            errors: [{ text: `${args.path} lies outside f/, where scripts may not import` }],
          }
        }
        return found
      }

      /**
       * A package may try for another that is not there; it finds out when it runs. Not by its name:
       * a bundle lies in a folder for temporary files, beside which anybody may put a package.
       */
      async function fromPackage(args: OnResolveArgs) {
        const missing = pathToFileURL(join(args.resolveDir, 'node_modules', args.path)).href
        const found = await packageFile(args, [args.resolveDir])
        return found ?? { path: missing, external: true }
      }

      async function packageFile(args: OnResolveArgs, places: string[]) {
        for (const resolveDir of places) {
          const found = await build.resolve(args.path, { ...from(args), resolveDir })
          if (found.errors.length > 0) continue
          if (bundlePackages && !(await isCommonJs(found.path))) return found
          return { path: pathToFileURL(found.path).href, external: true }
        }
        return undefined
      }
    },
  }
}

/** Whether a file or folder is among the workspace's own: whatever else is imported is of a package. */
export function isOfWorkspace(root: string, path: string): boolean {
  return /^[fu]([\\/]|$)/.test(relative(root, path))
}

/** The package.json that rules over a file of a package. */
export function manifestOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return manifest
    if (folder === dirname(folder)) return undefined
  }
}

/** By the rules of Node. */
async function isCommonJs(file: string): Promise<boolean> {
  if (!file.endsWith('.js')) return /\.(cjs|node)$/.test(file)
  const manifest = manifestOf(file)
  const { type } = JSON.parse(manifest ? await readFile(manifest, 'utf8') : '{}')
  return type !== 'module'
}

/** The file of these rules: when it is another one, scripts are built again. */
export const RULES = fileURLToPath(import.meta.url)
const ENGINE = dirname(RULES)

function from(args: OnResolveArgs) {
  return { importer: args.importer, kind: args.kind, pluginData: RESOLVED }
}
