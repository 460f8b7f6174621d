import { SPECKIT_LIMITS } from './limits.ts'
import { SpecKitError } from './speckit-error.ts'
import type { SkipReason } from './types.ts'

export interface Edge {
  /** Indexes into the tasks: `from` waits for `to`. */
  from: number
  to: number
  kind: 'hard' | 'suggested'
  confidence: number
  /** 0-based line index. */
  index: number
}

/** Collects edges: one per pair, a hard one over a suggested one, then the more certain one. */
export class EdgeSet {
  readonly #edges = new Map<number, Edge>()
  readonly skipped: { index: number; reason: SkipReason }[] = []
  readonly #count: number

  constructor(taskCount: number) {
    this.#count = taskCount
  }

  skip(index: number, reason: SkipReason): void {
    const last = this.skipped.at(-1)
    if (last?.index !== index || last.reason !== reason) this.skipped.push({ index, reason })
  }

  /** Adds "each of `from` waits for each of `to`"; refuses self edges and sentences that are too broad. */
  addAll(from: readonly number[], to: readonly number[], edge: Omit<Edge, 'from' | 'to'>): void {
    if (from.length * to.length > SPECKIT_LIMITS.edgesPerSentence) {
      this.skip(edge.index, 'dependency_too_broad')
      return
    }
    for (const waiting of from) {
      for (const first of to) this.#add({ ...edge, from: waiting, to: first })
    }
  }

  #add(edge: Edge): void {
    if (edge.from === edge.to) {
      this.skip(edge.index, 'dependency_on_itself')
      return
    }
    const key = edge.from * this.#count + edge.to
    const known = this.#edges.get(key)
    const weaker =
      known !== undefined &&
      (known.kind === edge.kind ? known.confidence >= edge.confidence : known.kind === 'hard')
    if (weaker) return
    this.#edges.set(key, edge)
    if (this.#edges.size > SPECKIT_LIMITS.dependencies) {
      throw new SpecKitError(
        'too_many_dependencies',
        `the file names more than ${SPECKIT_LIMITS.dependencies} dependencies; name phases instead of tasks`,
        edge.index + 1,
      )
    }
  }

  edges(): Edge[] {
    return [...this.#edges.values()]
  }
}
