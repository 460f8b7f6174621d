import * as z from 'zod'

export const AgentConfigShape = z.strictObject({
  kind: z.enum(['builtin', 'claude', 'codex', 'command']).default('builtin'),
  /** For `command`: the program and its arguments. For the others: the program alone. */
  command: z.array(z.string().min(1)).min(1).nullish(),
  model: z.string().nullish(),
  base_url: z.string().nullish(),
  api_key: z.string().nullish(),
  max_turns: z.int().min(1).nullish(),
  max_budget_usd: z.number().positive().nullish(),
  permission_mode: z.string().nullish(),
  allowed_tools: z.array(z.string()).nullish(),
  /** Of one task, at most. */
  timeout_seconds: z.number().positive().nullish(),
  /** Without a line for this long, an agent counts as stuck. */
  silence_seconds: z.number().positive().nullish(),
})

/** The resource f/devgodzilla/agent: who works, and with what. Nothing set means the built-in one. */
export type AgentConfig = z.input<typeof AgentConfigShape>
export type CheckedConfig = z.output<typeof AgentConfigShape>

export interface AgentTask {
  /** Job and step: what its processes are found by. */
  name: string
  prompt: string
  /** Absolute: where it works. */
  folder: string
  timeout_seconds: number
  /**
   * What the built-in agent does in place of a model: the work itself, by rule. Answers a summary.
   * Without it, the built-in agent changes nothing.
   */
  by_rule?: (hear: (line: AgentLine) => void) => Promise<string>
}

/** One line to read: what the agent says or which tool it uses, never raw JSON. */
export interface AgentLine {
  stream: 'stdout' | 'stderr' | 'system'
  line: string
}

/** Tokens of a whole task, its sub-agents included. `output` includes `reasoning`. */
export interface AgentUsage {
  input_uncached: number
  cache_read: number
  cache_write: number
  output: number
  reasoning: number
}

/** What it cost, as far as the agent tells. */
export interface AgentSpent {
  usage: AgentUsage | null
  cost_usd: number | null
  session_id: string | null
  /** Tools that were refused to it. */
  denied: string[]
}

export type AgentFailure =
  | 'api_error'
  | 'max_turns'
  | 'max_budget'
  | 'no_result'
  | 'exit'
  | 'timeout'
  | 'silence'
  | 'cancelled'
  | 'not_installed'

export type AgentOutcome = AgentSpent &
  ({ ok: true; summary: string } | { ok: false; reason: AgentFailure; message: string })

export type Hear = (line: AgentLine) => void

export type RunAgent = (
  config: CheckedConfig,
  task: AgentTask,
  hear: Hear,
  signal: AbortSignal | undefined,
) => Promise<AgentOutcome>
