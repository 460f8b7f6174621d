import * as z from 'zod'
import { code, id, metadata, name, text, timestamp } from './fields.ts'

const names = z.array(name(500)).max(500)

const Capabilities = z
  .strictObject({
    allowed_actions: names.optional(),
    allowed_tools: names.optional(),
    policies: metadata.optional(),
  })
  .meta({ id: 'AgentCapabilities', description: 'What the agent may do' })

const SafetyRails = z
  .strictObject({
    fs_scope: names.optional().meta({ description: 'paths that it may write to, as patterns' }),
    tool_whitelist: names.optional().meta({ description: 'tools that it may use at all' }),
    timeouts: z
      .record(name(200), z.int().min(1).max(604_800))
      .optional()
      .meta({ description: 'seconds per kind of work' }),
    policies: metadata.optional(),
  })
  .meta({ id: 'AgentSafetyRails', description: 'What keeps the agent from doing harm' })

export const AgentProfile = z
  .object({
    id,
    code: code.meta({ description: 'what the agent calls itself in an init' }),
    name: name(),
    description: text(10_000),
    capabilities: Capabilities,
    safety_rails: SafetyRails,
    instructions: text().meta({ description: 'what it is told before it begins' }),
    active: z.boolean().meta({ description: 'one that is not cannot begin to work' }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'AgentProfile' })
export type AgentProfile = z.infer<typeof AgentProfile>

/** What an agent is told that nobody has described: to do its task, and nothing besides. */
export const defaultProfile = {
  description: 'The default profile: nobody has made one for this agent.',
  capabilities: { allowed_actions: ['read', 'edit', 'test', 'note', 'report'] },
  safety_rails: {
    fs_scope: ['./**'],
    policies: {
      outside_repository: 'never',
      secrets: 'never read, print or commit',
      history: 'never rewrite or force-push',
      unclear: 'note an open question rather than guess',
    },
  },
  instructions: '',
} as const
