import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StepFailure } from '../job-error.ts'
import { fileStamp } from '../workspace/cached-files.ts'
import type { Entrypoint, Parameter } from './signature.ts'

/** What is known of a script, and the files it was built from, each as it was then. */
export type Build = {
  entrypoint: Entrypoint
  parameters: Parameter[]
  inputs: [file: string, stamp: string][]
}

/** A build whose code lies in a file. */
export type KeptBuild = Build & { module: string }

const DAY_MS = 24 * 60 * 60 * 1000
const KEPT_DAYS = 7
const KEPT_BYTES = 256 * 2 ** 20

/**
 * Builds on disk, for all engines that are given the folder. Each day has a folder of its own, and
 * what is used on a day lies in it: a build of an earlier one is copied. So a whole day is removed
 * later, and none that a worker might still be about to load from.
 */
export class KeptBuilds {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where builds go today. */
  get today(): string {
    return join(this.#folder, dayOf(Date.now()))
  }

  /** What was kept under that name, where nothing has changed since. */
  async recall(name: string): Promise<KeptBuild | undefined> {
    const known = await currentIn(this.today, name)
    if (known) return known
    for (const day of await this.#days()) {
      const earlier = await currentIn(join(this.#folder, day), name)
      const code = earlier && (await readFile(earlier.module, 'utf8').catch(ignoreMissing))
      if (earlier && code !== undefined) return this.keep(name, code, earlier)
    }
    return undefined
  }

  /** @throws StepFailure where it cannot be written */
  async keep(name: string, code: string, build: Build): Promise<KeptBuild> {
    const { entrypoint, parameters, inputs } = build
    const folder = this.today
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const module = await storeModule(folder, code)
      const kept = { entrypoint, parameters, inputs, module, stamp: await stampOf(module) }
      await writeWhole(recordOf(folder, name), JSON.stringify(kept))
      return kept
    } catch (cause) {
      throw new StepFailure(
        'BuildError',
        `what was built cannot be kept (${(cause as Error).message}): make room in ${this.#folder}, or let it be written`,
      )
    }
  }

  /** Removes what was not used for a week, and earlier days beyond `bytes`. */
  async sweep(bytes = KEPT_BYTES): Promise<void> {
    const [yesterday, lastWeek] = [1, KEPT_DAYS].map((days) => dayOf(Date.now() - days * DAY_MS))
    let size = 0
    for (const day of await this.#days()) {
      const folder = join(this.#folder, day)
      size += await sizeOf(folder)
      // Whoever was told of a module just before midnight may not have loaded it yet.
      if (day >= (yesterday ?? '')) continue
      if (day < (lastWeek ?? '') || size > bytes) await rm(folder, { recursive: true, force: true })
    }
  }

  /** The newest first. */
  async #days(): Promise<string[]> {
    const names = (await readdir(this.#folder).catch(ignoreMissing)) ?? []
    return names
      .filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))
      .sort()
      .reverse()
  }
}

/** In UTC, so that engines agree. */
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

const recordOf = (folder: string, name: string) => join(folder, `${name}.json`)

export const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

async function currentIn(folder: string, name: string): Promise<KeptBuild | undefined> {
  const record = await readFile(recordOf(folder, name), 'utf8').catch(ignoreMissing)
  const kept = record === undefined ? undefined : parsed(record)
  if (!kept) return undefined
  // The module too: it may be cleared away, and a machine that goes down leaves it cut.
  const files = [...kept.inputs, [kept.module, kept.stamp] as const]
  const stamps = await Promise.all(files.map(([file]) => stampOf(file)))
  return files.every(([, stamp], index) => stamp === stamps[index]) ? kept : undefined
}

/** Undefined where a machine went down while it was written. */
function parsed(record: string): (KeptBuild & { stamp: string }) | undefined {
  try {
    return JSON.parse(record)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Named by content, so that engines can share the folder. A machine that went down leaves it cut. */
async function storeModule(folder: string, code: string): Promise<string> {
  const file = join(folder, `${digest(code)}.mjs`)
  if ((await readFile(file, 'utf8').catch(ignoreMissing)) !== code) await writeWhole(file, code)
  return file
}

/** So that nobody ever reads a half of it, however many write it at once. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What is not there may come. */
export const stampOf = async (file: string) => (await fileStamp(file)) ?? ''

async function sizeOf(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? []
  const sizes = names.map(async (name) => {
    const found = await stat(join(folder, name)).catch(ignoreMissing)
    return found?.size ?? 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Another engine may have swept it. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
