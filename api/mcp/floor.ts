import type { AnyVerb, Runtime } from '../services/runtime.ts'

/** What the surface stands on. */
export interface Floor {
  runtime: Runtime
  verbs: readonly AnyVerb[]
}
