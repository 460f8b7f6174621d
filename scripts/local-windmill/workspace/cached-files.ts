import { readFile, stat } from 'node:fs/promises'
import { parse } from 'yaml'

type Entry = { stamp: string; content: unknown }

/** Parsed files, kept as long as the file on disk has not changed. */
export class CachedFiles {
  readonly #entries = new Map<string, Entry>()

  /** The parsed YAML of a file, or undefined where there is none. */
  async yaml(file: string): Promise<unknown> {
    return this.#read(file, (text) => {
      try {
        return parse(text)
      } catch (cause) {
        throw new Error(`${file} is not valid YAML: ${(cause as Error).message}`, { cause })
      }
    })
  }

  async text(file: string): Promise<string | undefined> {
    return this.#read(file, (text) => text) as Promise<string | undefined>
  }

  async #read(file: string, parseText: (text: string) => unknown): Promise<unknown> {
    const stamp = await fileStamp(file)
    if (stamp === undefined) {
      this.#entries.delete(file)
      return undefined
    }
    const cached = this.#entries.get(file)
    if (cached?.stamp === stamp) return cached.content
    const content = parseText(await readFile(file, 'utf8'))
    this.#entries.set(file, { stamp, content })
    return content
  }
}

/** Changes whenever the file does; undefined where there is no such file. */
export async function fileStamp(file: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
