import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { isOfWorkspace } from './packages.ts'

/**
 * Lets a package find the files beside it from within a bundle: its `import.meta.url` stays that of
 * its own file. Bun's bundler does not do so; there such a package wants `//nobundling`.
 */
export function addressOfEach(root: string): Plugin {
  return {
    name: 'package-addresses',
    setup(build) {
      build.onLoad({ filter: /\.m?js$/ }, async ({ path }) => {
        if (isOfWorkspace(root, path)) return undefined
        const text = await readFile(path, 'utf8')
        if (!text.includes('import.meta')) return undefined
        const { code } = await build.esbuild.transform(text, {
          loader: 'js',
          sourcefile: path,
          define: {
            'import.meta.url': JSON.stringify(pathToFileURL(path).href),
            'import.meta.filename': JSON.stringify(path),
            'import.meta.dirname': JSON.stringify(dirname(path)),
          },
        })
        return { contents: code, loader: 'js' }
      })
    },
  }
}
