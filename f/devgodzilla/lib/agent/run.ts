import { runBuiltin } from './builtin.ts'
import { runClaude } from './claude.ts'
import { runCodex } from './codex.ts'
import { runCommand } from './command.ts'
import { quietened } from './lines.ts'
import {
  type AgentConfig,
  AgentConfigShape,
  type AgentOutcome,
  type AgentTask,
  type CheckedConfig,
  type Hear,
  type RunAgent,
} from './types.ts'

/** In UTF-16 units. */
const longestSummary = 100_000

const agents: Record<CheckedConfig['kind'], RunAgent> = {
  builtin: runBuiltin,
  claude: runClaude,
  codex: runCodex,
  command: runCommand,
}

/**
 * Has an agent work on a task in a folder, and tells what it says while it does. However it ends,
 * none of its processes is left; they die with this one, too.
 * @throws where the resource is not one; every end of the agent itself is an answer
 */
export async function runAgent(
  given: AgentConfig,
  task: AgentTask,
  hear: Hear,
  signal?: AbortSignal,
): Promise<AgentOutcome> {
  const config = checkedConfig(given)
  const { mask, tell } = quietened(config.api_key, hear)
  const outcome = await agents[config.kind](config, task, tell, signal)
  return outcome.ok
    ? { ...outcome, summary: mask(outcome.summary.slice(0, longestSummary)) }
    : { ...outcome, message: mask(outcome.message) }
}

/** How the agent is called where people read it: in logs and on cards. */
export function agentName(given: AgentConfig): string {
  const { kind, command, model } = checkedConfig(given)
  const called = kind === 'command' ? (command?.[0]?.split('/').at(-1) ?? kind) : kind
  return model ? `${called} (${model})` : called
}

function checkedConfig(given: AgentConfig): CheckedConfig {
  const parsed = AgentConfigShape.safeParse(given)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new TypeError(`the resource f/devgodzilla/agent is not an agent: ${issues.join('; ')}`)
  }
  if (parsed.data.kind === 'command' && !parsed.data.command) {
    throw new TypeError(
      'the resource f/devgodzilla/agent is of the kind command, and has no command: give the program and its arguments',
    )
  }
  if (parsed.data.kind === 'codex' && (parsed.data.max_turns || parsed.data.max_budget_usd)) {
    throw new TypeError(
      'the resource f/devgodzilla/agent is of the kind codex, which knows neither max_turns nor max_budget_usd: leave them out, timeout_seconds bounds it',
    )
  }
  return parsed.data
}
