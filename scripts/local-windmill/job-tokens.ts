import { createHash, randomBytes } from 'node:crypto'
import type { Masks } from './masks.ts'

export type JobIdentity = {
  /** The step (or script job) that holds the token. */
  jobId: string
  /** The user the job runs for. */
  user: string
  masks: Masks
}

/** The tokens that running steps speak to the engine with. Each dies with its step. */
export class JobTokens {
  readonly #identities = new Map<string, JobIdentity>()

  mint(identity: JobIdentity): string {
    const token = `job_${randomBytes(32).toString('base64url')}`
    this.#identities.set(digest(token), identity)
    return token
  }

  revoke(token: string): void {
    this.#identities.delete(digest(token))
  }

  find(token: string): JobIdentity | undefined {
    return this.#identities.get(digest(token))
  }
}

/** Looked up by digest, so that the time it takes tells nothing about the token. */
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
