import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { confined, type Place, unlessMissing } from './place.ts'

export interface Change {
  path: string
  did: 'create' | 'change' | 'remove'
}

/** Files to be written or removed: what is so already is left alone, and with `dry` everything is. */
export class Changes {
  readonly made: Change[] = []
  readonly place: Place
  readonly dry: boolean

  constructor(place: Place, dry: boolean) {
    this.place = place
    this.dry = dry
  }

  /** The text of a file of the project; undefined where there is none. */
  async read(path: string): Promise<string | undefined> {
    return readFile(await confined(this.place, path), 'utf8').catch(unlessMissing)
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    await this.writeAt(await confined(this.place, path), text, mode)
  }

  async remove(path: string): Promise<void> {
    const file = await confined(this.place, path)
    const found = await readFile(file).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EISDIR' ? Buffer.of() : unlessMissing(error),
    )
    if (found === undefined) return
    this.made.push({ path, did: 'remove' })
    if (!this.dry) await rm(file, { recursive: true })
  }

  /** The same for a file that Git, not the project, says where it is. */
  async writeAt(file: string, text: string, mode: number): Promise<void> {
    const before = await readFile(file, 'utf8').catch(unlessMissing)
    if (before === text) return
    this.note(file, before === undefined ? 'create' : 'change')
    if (this.dry) return
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    await chmod(file, mode)
  }

  async removeAt(file: string): Promise<void> {
    this.note(file, 'remove')
    if (!this.dry) await rm(file)
  }

  private note(file: string, did: Change['did']): void {
    const path = relative(this.place.folder, file).split(sep).join('/')
    this.made.push({ path, did })
  }
}
