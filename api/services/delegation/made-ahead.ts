import { inTurns } from './in-turns.ts'
import type { NextFiles } from './next-files.ts'
import type { Settled } from './settle-edits.ts'
import type { EntityState } from './survey.ts'

/** Next files that a sync makes before it locks anything: of what no file has edited. */
export class MadeAhead {
  readonly #made = new Map<string, { from: string; next: NextFiles }>()
  readonly #next: (settled: Settled, now: EntityState) => NextFiles

  constructor(next: (settled: Settled, now: EntityState) => NextFiles) {
    this.#next = next
  }

  async make(settled: readonly Settled[]): Promise<void> {
    const letOthers = inTurns()
    for (const one of settled) {
      await letOthers()
      const next = this.#next(one, one.state)
      this.#made.set(keyOf(one.state), { from: fromOf(one.state), next })
    }
  }

  /** Another sync came between: what is known of the files is not what it was. */
  forget(): void {
    this.#made.clear()
  }

  /**
   * The next files of one task or sprint: those made ahead where the database still says the same.
   * @param now how it stands after edits were taken
   */
  of(settled: Settled, now: EntityState): NextFiles {
    const known = this.#made.get(keyOf(now))
    const isSame = [settled.state, now].every((it) => fromOf(it) === known?.from)
    return known && isSame ? known.next : this.#next(settled, now)
  }
}

const keyOf = ({ entity }: EntityState) => `${entity.type} ${entity.id}`
const fromOf = ({ madeFrom, entity }: EntityState) => `${madeFrom} ${entity.folder}`
