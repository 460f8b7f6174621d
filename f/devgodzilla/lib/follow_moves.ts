import { posix } from 'node:path'
import { Spec } from './answers.ts'
import type { Api } from './api.ts'
import { ApiRefused } from './api_errors.ts'
import { findMoves } from './moved_specs.ts'
import type { Repository } from './repository.ts'

export interface Followed {
  moved: { spec_id: number; from: string; to: string }[]
  /** What somebody has to decide. */
  unclear: { from: string; targets: string[]; message: string }[]
}

/**
 * Tells the API where specs went whose folder was renamed or moved, so that they keep their tasks
 * and links. A move that could be several is told to nobody but the caller.
 */
export async function followMoves(
  api: Api,
  repository: Repository,
  specs: readonly Spec[],
): Promise<Followed> {
  const { moved, unclear } = await findMoves(repository, specs)
  const followed: Followed = { moved: [], unclear: [] }
  const leave = (from: string, targets: string[], reason: string) => {
    const decide = 'give the spec its path (PATCH /specs/{id}), or archive it'
    const message = `${from} has no tasks.md any more; ${reason}: ${decide}`
    followed.unclear.push({ from, targets, message })
  }
  for (const { spec, targets, reason } of unclear) leave(spec.path, targets, reason)
  for (const { spec, to } of moved) {
    const named = spec.name === posix.basename(spec.path) ? { name: posix.basename(to) } : {}
    try {
      await api.patch(`/specs/${spec.id}`, { path: to, ...named }, Spec)
      console.log(`${spec.path} is ${to} now`)
      followed.moved.push({ spec_id: spec.id, from: spec.path, to })
    } catch (error) {
      if (!(error instanceof ApiRefused)) throw error
      leave(spec.path, [to], `it moved to ${to}, which the API refused (${error.message})`)
    }
  }
  return followed
}
