import { expireSessions } from '../services/claim/expire.ts'
import type { Runtime } from '../services/runtime.ts'
import { every } from './every.ts'

const lookEvery = 15_000

/** Notices agents that are not heard of any more; whoever asks for a task does so as well. */
export const startSessionWatch = (runtime: Runtime) =>
  every(lookEvery, 'watching sessions', runtime.log, () => expireSessions(runtime))
