import type { EntityContext } from '../../core/entities/agent-context.ts'
import { changedSince } from '../../store/context.ts'
import type { Database } from '../../store/database.ts'
import { endOfEvents } from '../../store/events.ts'
import { transaction } from '../../store/transaction.ts'
import { assemble, type Entity } from './assemble.ts'

const keptFor = 5 * 60 * 1000
const mostKept = 64

interface Kept {
  context: EntityContext
  /** The stream had ended here when it was assembled. */
  end: string
  until: number
}

export interface Assembled {
  context: EntityContext
  cached: boolean
}
export type Contexts = (entity: Entity, budget: number) => Promise<Assembled>

/**
 * Contexts as they are now. One is kept for five minutes, and used as long as nothing has been told
 * about its project since: that is asked each time, of the one table in which every process tells
 * what it changes, so none is ever answered after a change was committed anywhere.
 */
export function createContexts(db: Database, now = () => performance.now()): Contexts {
  const kept = new Map<string, Kept>()
  return async (entity, budget) => {
    const key = `${entity.type}:${entity.id}:${budget}`
    const known = kept.get(key)
    kept.delete(key)
    if (known && known.until > now()) {
      if (!(await changedSince(db, known.context.project.id, known.end))) {
        kept.set(key, known)
        return { context: known.context, cached: true }
      }
    }
    // Asked first: what it does not cover comes after it, and is found by the next look.
    const end = await endOfEvents(db)
    const context = await transaction(db, (tx) => assemble(tx, entity, budget), {
      readsAlone: true,
    })
    kept.set(key, { context, end, until: now() + keptFor })
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return { context, cached: false }
  }
}
