import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BuildFailure, BuildOptions } from 'esbuild'
import { StepFailure } from '../job-error.ts'
import { fileStamp } from '../workspace/cached-files.ts'
import { workspaceImports } from './packages.ts'
import { type Entrypoint, type Parameter, parseSignature } from './signature.ts'

/** A script ready to run: where its module lies, which function is called, and what it takes. */
export type Bundle = { url: string; entrypoint: Entrypoint; parameters: Parameter[] }

type Cached = { bundle: Bundle; inputs: [file: string, stamp: string][] }

/** Where a script's text comes from: a file, or a flow's inline script. */
export type ScriptSource =
  | { kind: 'file'; name: string; file: string }
  | { kind: 'inline'; name: string; content: string; file: string }

/** Turns workspace scripts into single modules, once for each content. */
export class Bundler {
  readonly #root: string
  readonly #folder: () => string
  readonly #cache = new Map<string, Promise<Cached>>()
  /** Packages made into one module, by the address they are found under. */
  readonly #prebuilt = new Map<string, string>()

  /** `folder` answers where bundles go; it is asked each time, for it may be cleared away. */
  constructor(root: string, folder: () => string) {
    this.#root = root
    this.#folder = folder
  }

  /** @throws StepFailure when the script does not build */
  async bundle(source: ScriptSource, entrypoint: Entrypoint = 'main'): Promise<Bundle> {
    const text = source.kind === 'file' ? source.file : `${source.file}\n${source.content}`
    const key = `${entrypoint} ${text}`
    const known = this.#cache.get(key)
    if (known) {
      const cached = await known
      if (await isCurrent(cached)) return cached.bundle
    }
    const building = this.#build(source, entrypoint)
    this.#cache.set(key, building)
    building.catch(() => this.#cache.delete(key))
    return (await building).bundle
  }

  /**
   * Makes one small module of a package that nearly every script imports, for it to be loaded
   * ahead; scripts built from now on import that one. Undefined where it is not installed.
   */
  async prebuild(name: string): Promise<string | undefined> {
    const { build } = await import('esbuild')
    const probe = await build({
      ...this.#options(),
      stdin: { contents: `export * from ${JSON.stringify(name)}`, resolveDir: this.#root },
    }).catch(() => undefined)
    const entry = probe?.outputFiles[0]?.text.match(/"(file:[^"]+)"/)?.[1]
    if (!entry) return undefined
    const built = await build({
      ...this.#options(),
      entryPoints: [fileURLToPath(entry)],
      plugins: [],
      sourcemap: false,
      minifySyntax: true,
      minifyWhitespace: true,
    })
    const url = await this.#store(built.outputFiles[0]?.text ?? '')
    this.#prebuilt.set(entry, url)
    return url
  }

  async #build(source: ScriptSource, entrypoint: Entrypoint): Promise<Cached> {
    const text = source.kind === 'file' ? await readFile(source.file, 'utf8') : source.content
    const parameters = parseSignature(text, source.name, entrypoint)
    // Stamped before it is read: a file that changes meanwhile is built again.
    const entryStamp = (await fileStamp(source.file)) ?? ''
    const { build } = await import('esbuild')
    const result = await build({
      ...this.#options(),
      ...(source.kind === 'file'
        ? { entryPoints: [source.file] }
        : {
            stdin: {
              contents: text,
              resolveDir: dirname(source.file),
              sourcefile: source.file,
              loader: 'ts' as const,
            },
          }),
    }).catch((failure: BuildFailure) => {
      throw buildFailure(source.name, failure)
    })
    const code = result.outputFiles?.[0]?.text ?? ''
    const inputs = await this.#inputs(Object.keys(result.metafile?.inputs ?? {}))
    if (source.kind === 'file') inputs.push([source.file, entryStamp])
    const url = await this.#store(code)
    // What we made ourselves may be cleared away as well, from a folder for temporary files.
    for (const made of [url, ...this.#prebuilt.values()]) {
      const file = fileURLToPath(made)
      inputs.push([file, (await fileStamp(file)) ?? ''])
    }
    return { bundle: { url, entrypoint, parameters }, inputs }
  }

  async #inputs(names: string[]): Promise<[string, string][]> {
    const files = names
      .filter((name) => name !== '<stdin>')
      .map((name) => resolve(this.#root, name))
    const stamps = await Promise.all(files.map(fileStamp))
    return files.flatMap((file, index) => {
      const stamp = stamps[index]
      return stamp === undefined ? [] : [[file, stamp]]
    })
  }

  /** Named by content, so that processes can share the folder. */
  async #store(code: string): Promise<string> {
    const name = createHash('sha256').update(code).digest('hex').slice(0, 32)
    const file = join(this.#folder(), `${name}.mjs`)
    if ((await fileStamp(file)) === undefined) {
      const draft = `${file}.${process.pid}`
      await writeFile(draft, code, { mode: 0o600 })
      await rename(draft, file)
    }
    return pathToFileURL(file).href
  }

  #options(): BuildOptions & { write: false; metafile: true } {
    return {
      absWorkingDir: this.#root,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: [],
      sourcemap: 'inline',
      sourcesContent: false,
      outfile: join(this.#folder(), 'bundle.mjs'),
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [workspaceImports(this.#root, this.#prebuilt)],
      // A tsconfig above the workspace must not change how a script runs.
      tsconfigRaw: {},
    }
  }
}

async function isCurrent(cached: Cached): Promise<boolean> {
  const stamps = await Promise.all(cached.inputs.map(([file]) => fileStamp(file)))
  return cached.inputs.every(([, stamp], index) => stamp === stamps[index])
}

function buildFailure(name: string, failure: BuildFailure): StepFailure {
  const messages = failure.errors?.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
  )
  return new StepFailure(
    'BuildError',
    `${name} does not build: ${messages?.join('; ') || failure.message}`,
  )
}
