import * as z from 'zod'
import { AgentProfile } from '../core/entities/agent-profile.ts'
import { code } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

const byAgent = z.object({ agent_code: code.meta({ description: 'what the agent is called' }) })

const fields = AgentProfile.pick({
  name: true,
  description: true,
  capabilities: true,
  safety_rails: true,
  instructions: true,
  active: true,
})

export const listAgentProfiles = command({
  name: 'agent_profile.list',
  summary: 'List agent profiles',
  scope: 'read',
  method: 'get',
  path: '/agent/profiles',
  cli: 'agent profile list',
  query: z.object(page),
  output: listOf(AgentProfile),
})

export const createAgentProfile = command({
  name: 'agent_profile.create',
  summary: 'Describe an agent: what it may do, and what keeps it from doing harm',
  scope: 'admin',
  method: 'post',
  path: '/agent/profiles',
  status: 201,
  cli: 'agent profile create',
  body: fields.partial().extend({ code, name: fields.shape.name }).strict(),
  output: AgentProfile,
})

export const getAgentProfile = command({
  name: 'agent_profile.get',
  summary: 'Read an agent profile',
  scope: 'read',
  method: 'get',
  path: '/agent/profiles/:agent_code',
  cli: 'agent profile show',
  params: byAgent,
  output: AgentProfile,
})

export const updateAgentProfile = command({
  name: 'agent_profile.update',
  summary: 'Change an agent profile',
  scope: 'admin',
  method: 'patch',
  path: '/agent/profiles/:agent_code',
  cli: 'agent profile update',
  params: byAgent,
  body: fields.partial().strict(),
  output: AgentProfile,
})

export const deleteAgentProfile = command({
  name: 'agent_profile.delete',
  summary: 'Delete the profile of an agent that is not at work',
  scope: 'admin',
  method: 'delete',
  path: '/agent/profiles/:agent_code',
  cli: 'agent profile delete',
  params: byAgent,
  output: AgentProfile,
})
