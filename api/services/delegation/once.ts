import type { Reading } from '../../core/delegation/fields.ts'
import { fileKinds } from '../../core/delegation/file-kinds.ts'
import type { FileName } from '../../core/delegation/paths.ts'
import type { TemplateSets } from '../../core/delegation/template-sets.ts'
import type { Entity } from './ground.ts'
import { textNow } from './text-now.ts'

/**
 * What one sync has rendered and read. It looks at its files before it locks anything, again under
 * its locks, and once more after edits were taken: each text is made once, and read once.
 */
export class Once {
  readonly #texts = new Map<string, string>()
  readonly #readings: Record<FileName, Map<string, Reading>> = {
    'SPRINT.md': new Map(),
    'TASK.md': new Map(),
    'AGENT.yml': new Map(),
  }

  /**
   * @param madeFrom hash of everything that the text is made of
   * @param ours by our own template, whatever the project has
   * @throws TemplateProblem
   */
  text(entity: Entity, madeFrom: string, name: FileName, sets: TemplateSets, ours = false): string {
    const key = keyOf(madeFrom, name, ours)
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const text = textNow(entity, name, sets, ours)
    this.#texts.set(key, text)
    return text
  }

  /** What an earlier sync has made of the same. */
  know(madeFrom: string, name: FileName, text: string): void {
    this.#texts.set(keyOf(madeFrom, name, false), text)
  }

  read(name: FileName, text: string): Reading {
    const known = this.#readings[name].get(text)
    if (known) return known
    // Without what is only needed to write: a sync keeps tens of thousands of them.
    const { fields, lines, problems } = fileKinds[name].read(text)
    const reading = { fields, lines, problems }
    this.#readings[name].set(text, reading)
    return reading
  }
}

const keyOf = (madeFrom: string, name: FileName, ours: boolean) => `${madeFrom} ${name} ${ours}`
