import { withJobFolder } from '../job_folder.ts'
import { sparseEnvironment } from '../sparse_environment.ts'
import { codexReader } from './codex_stream.ts'
import { orderFor, runProcess } from './process.ts'
import type { AgentOutcome, AgentTask, CheckedConfig, Hear } from './types.ts'

/** Codex, headless: `codex exec --json`, the prompt on standard input. */
export async function runCodex(
  config: CheckedConfig,
  task: AgentTask,
  hear: Hear,
  signal: AbortSignal | undefined,
): Promise<AgentOutcome> {
  return withJobFolder({ id: task.name }, async (own) => {
    const reader = codexReader(hear)
    const end = await runProcess(
      orderFor(config, task, argvOf(config), {
        ...sparseEnvironment(),
        ...(config.api_key ? { CODEX_API_KEY: config.api_key } : {}),
        CODEX_HOME: own,
      }),
      reader.read,
      signal,
    )
    return reader.outcome(end)
  })
}

function argvOf(config: CheckedConfig): string[] {
  return [
    ...(config.command ?? ['codex']),
    ...['exec', '--json', '--skip-git-repo-check'],
    ...['--sandbox', config.permission_mode ?? 'workspace-write'],
    ...(config.model ? ['--model', config.model] : []),
    ...(config.base_url ? provider(config.base_url) : []),
    // Read the prompt from standard input.
    '-',
  ]
}

/** Another address than OpenAI's is a provider of its own. */
function provider(baseUrl: string): string[] {
  const settings: Record<string, string | number> = {
    name: 'of the resource f/devgodzilla/agent',
    base_url: baseUrl,
    env_key: 'CODEX_API_KEY',
    wire_api: 'responses',
    request_max_retries: 2,
    stream_max_retries: 2,
  }
  return [
    ...['-c', 'model_provider="devgodzilla"'],
    ...Object.entries(settings).flatMap(([name, value]) => [
      '-c',
      `model_providers.devgodzilla.${name}=${JSON.stringify(value)}`,
    ]),
  ]
}
