import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BuildFailure, BuildOptions } from 'esbuild'
import { StepFailure } from '../job-error.ts'
import { digest, type KeptBuild, KeptBuilds, stampOf } from './kept-builds.ts'
import { addressOfEach } from './package-addresses.ts'
import { isOfWorkspace, manifestOf, RULES, workspaceImports } from './packages.ts'
import { type Entrypoint, isLeftUnbundled, type Parameter, parseSignature } from './signature.ts'

/** A script ready to run: where its module lies, which function is called, and what it takes. */
export type Bundle = { url: string; entrypoint: Entrypoint; parameters: Parameter[] }

/** Where a script's text comes from: a file, or a flow's inline script. */
export type ScriptSource =
  | { kind: 'file'; name: string; file: string }
  | { kind: 'inline'; name: string; content: string; file: string }

/** Turns workspace scripts into single modules, once for each content, and for all engines of a folder. */
export class Bundler {
  readonly #root: string
  readonly #kept: KeptBuilds
  readonly #building = new Map<string, Promise<KeptBuild>>()

  /** `folder` is where builds are kept; code in it is run, so nobody else may write there. */
  constructor(root: string, folder: string) {
    // As it is called in what esbuild answers, also where a link leads to it.
    this.#root = realpathSync(root)
    this.#kept = new KeptBuilds(folder)
  }

  /** @throws StepFailure when the script does not build */
  async bundle(source: ScriptSource, entrypoint: Entrypoint = 'main'): Promise<Bundle> {
    const name = await this.#nameOf(source, entrypoint)
    for (;;) {
      const kept = await this.#kept.recall(name)
      if (kept) return bundleOf(kept)
      const another = this.#building.get(name)
      if (!another) {
        const building = this.#build(source, entrypoint, name)
        this.#building.set(name, building)
        return bundleOf(await building.finally(() => this.#building.delete(name)))
      }
      // It began before this was asked for: what came of it may be of an earlier text.
      await another.catch(() => undefined)
    }
  }

  /** Removes builds that were not used for long. */
  sweep(): Promise<void> {
    return this.#kept.sweep()
  }

  /** Another version of what makes a build gives it another name. */
  async #nameOf(source: ScriptSource, entrypoint: Entrypoint): Promise<string> {
    const makers = await Promise.all([SELF, RULES].map(stampOf))
    const text = source.kind === 'file' ? source.file : `${source.file}\n${source.content}`
    return digest([...makers, this.#root, `${entrypoint} ${text}`].join('\n'))
  }

  async #build(source: ScriptSource, entrypoint: Entrypoint, name: string): Promise<KeptBuild> {
    const text = source.kind === 'file' ? await readFile(source.file, 'utf8') : source.content
    const parameters = parseSignature(text, source.name, entrypoint)
    // Stamped before it is read: a file that changes meanwhile is built again.
    const entryStamp = await stampOf(source.file)
    const { build } = await import('esbuild')
    const result = await build({
      ...this.#options(text),
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
    return this.#kept.keep(name, code, { entrypoint, parameters, inputs })
  }

  async #inputs(names: string[]): Promise<[string, string][]> {
    const found = names
      .filter((name) => name !== '<stdin>')
      .map((name) => resolve(this.#root, name))
    // An installed package has many files, and changes with its package.json; one that is linked to
    // is somebody's work.
    const stamped = (file: string) =>
      isOfWorkspace(this.#root, file) || !/[\\/]node_modules[\\/]/.test(file)
        ? file
        : (manifestOf(file) ?? file)
    // A package that is installed later may come before the one that was found.
    const installed = ['node_modules', 'node_modules/.package-lock.json']
    const files = new Set([...found.map(stamped), ...installed.map((it) => join(this.#root, it))])
    return Promise.all([...files].map(async (file) => [file, await stampOf(file)]))
  }

  #options(text: string): BuildOptions & { write: false; metafile: true } {
    return {
      absWorkingDir: this.#root,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: [],
      sourcemap: 'inline',
      sourcesContent: false,
      outfile: join(this.#kept.today, 'bundle.mjs'),
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [
        workspaceImports(this.#root, { bundlePackages: !isLeftUnbundled(text) }),
        addressOfEach(this.#root),
      ],
      // A tsconfig above the workspace must not change how a script runs.
      tsconfigRaw: {},
    }
  }
}

const SELF = fileURLToPath(import.meta.url)

const bundleOf = ({ module, entrypoint, parameters }: KeptBuild): Bundle => ({
  url: pathToFileURL(module).href,
  entrypoint,
  parameters,
})

function buildFailure(name: string, failure: BuildFailure): StepFailure {
  const messages = failure.errors?.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
  )
  return new StepFailure(
    'BuildError',
    `${name} does not build: ${messages?.join('; ') || failure.message}`,
  )
}
