import type { AgentContext } from '../../core/entities/agent-context.ts'
import { defaultProfile } from '../../core/entities/agent-profile.ts'
import { conflict } from '../../core/errors.ts'
import { findProfile } from '../../store/agent-profiles.ts'
import type { Db } from '../../store/database.ts'

/**
 * What an agent of this name is told about itself.
 * @throws DomainError `conflict` where its profile is not active
 */
export async function profileOf(db: Db, agent: string): Promise<AgentContext['agent']> {
  const profile = await findProfile(db, agent)
  if (!profile) {
    const { capabilities, safety_rails, ...rest } = structuredClone(defaultProfile)
    return {
      ...rest,
      code: agent,
      name: agent,
      capabilities: { allowed_actions: [...capabilities.allowed_actions] },
      safety_rails: { ...safety_rails, fs_scope: [...safety_rails.fs_scope] },
      is_default: true,
    }
  }
  const { id: _, created_at: __, updated_at: ___, active, ...told } = profile
  if (!active) {
    throw conflict(
      'agent_is_inactive',
      `The profile of ${agent} is not active; an admin may activate it with PATCH /agent/profiles/${agent}.`,
    )
  }
  return { ...told, is_default: false }
}
