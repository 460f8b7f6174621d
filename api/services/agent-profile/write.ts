import {
  createAgentProfile as createCommand,
  deleteAgentProfile as deleteCommand,
  updateAgentProfile as updateCommand,
} from '../../commands/agent-profiles.ts'
import type { AgentProfile } from '../../core/entities/agent-profile.ts'
import { conflict } from '../../core/errors.ts'
import { deleteProfile, insertProfile, saveProfile } from '../../store/agent-profiles.ts'
import { sessionOfAgent } from '../../store/sessions.ts'
import { mutation } from '../mutation.ts'
import { saveChanges } from '../save-changes.ts'
import { lockKnownProfile } from './read.ts'

const about = ({ id }: AgentProfile) => ({
  entity_type: 'agent_profile',
  entity_id: id,
  project_id: null,
})

export const createAgentProfile = mutation(createCommand, async (work, input) => {
  const profile = await insertProfile(work.tx, input)
  await work.record({
    type: 'agent.profile_created',
    ...about(profile),
    payload: { name: profile.code },
  })
  return profile
})

export const updateAgentProfile = mutation(
  updateCommand,
  async (work, { agent_code, ...wanted }) => {
    const before = await lockKnownProfile(work, agent_code)
    return saveChanges(work, before, wanted, saveProfile, (changes) => [
      { type: 'agent.profile_updated', ...about(before), payload: { changes } },
    ])
  },
)

export const deleteAgentProfile = mutation(deleteCommand, async (work, { agent_code }) => {
  const profile = await lockKnownProfile(work, agent_code)
  const key = await sessionOfAgent(work.tx, agent_code)
  if (key !== undefined) {
    throw conflict(
      'profile_in_use',
      `${agent_code} is at work in session ${key}: end that session first, or set active to false, which lets it finish and begin nothing more.`,
    )
  }
  await deleteProfile(work.tx, profile.id)
  await work.record({
    type: 'agent.profile_deleted',
    ...about(profile),
    payload: { name: agent_code },
  })
  return profile
})
