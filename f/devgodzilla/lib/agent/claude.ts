import { withJobFolder } from '../job_folder.ts'
import { sparseEnvironment } from '../sparse_environment.ts'
import { claudeReader } from './claude_stream.ts'
import { orderFor, runProcess } from './process.ts'
import type { AgentOutcome, AgentTask, CheckedConfig, Hear } from './types.ts'

/** Claude Code, headless: `claude -p --output-format stream-json`, the prompt on standard input. */
export async function runClaude(
  config: CheckedConfig,
  task: AgentTask,
  hear: Hear,
  signal: AbortSignal | undefined,
): Promise<AgentOutcome> {
  return withJobFolder({ id: task.name }, async (own) => {
    const reader = claudeReader(hear)
    const end = await runProcess(
      orderFor(config, task, argvOf(config), environmentOf(config, own)),
      reader.read,
      signal,
    )
    return reader.outcome(end)
  })
}

function argvOf(config: CheckedConfig): string[] {
  return [
    ...(config.command ?? ['claude']),
    // Without --verbose it refuses to stream.
    ...['-p', '--output-format', 'stream-json', '--verbose'],
    // Servers that a repository names are not this worker's to run.
    '--strict-mcp-config',
    // It may edit files where it works; whatever else it may do, the resource says.
    ...['--permission-mode', config.permission_mode ?? 'acceptEdits'],
    ...(config.model ? ['--model', config.model] : []),
    ...(config.max_turns ? ['--max-turns', String(config.max_turns)] : []),
    ...(config.max_budget_usd ? ['--max-budget-usd', String(config.max_budget_usd)] : []),
    ...(config.allowed_tools?.length ? ['--allowedTools', ...config.allowed_tools] : []),
  ]
}

function environmentOf(config: CheckedConfig, own: string): Record<string, string> {
  // A token of a subscription is told apart from a key by its beginning.
  const name = config.api_key?.startsWith('sk-ant-oat')
    ? 'CLAUDE_CODE_OAUTH_TOKEN'
    : 'ANTHROPIC_API_KEY'
  return {
    ...sparseEnvironment(),
    ...(config.api_key ? { [name]: config.api_key } : {}),
    ...(config.base_url ? { ANTHROPIC_BASE_URL: config.base_url } : {}),
    // Neither the settings nor the sessions of whoever else uses this machine.
    CLAUDE_CONFIG_DIR: own,
    // Ten tries, its default, would take minutes to tell of an outage.
    CLAUDE_CODE_MAX_RETRIES: '2',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }
}
