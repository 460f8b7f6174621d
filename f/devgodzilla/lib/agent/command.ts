import { sparseEnvironment } from '../sparse_environment.ts'
import { brief } from './lines.ts'
import { orderFor, runProcess } from './process.ts'
import type { AgentOutcome, AgentTask, CheckedConfig, Hear } from './types.ts'

/**
 * Any program: the prompt on its standard input, lines on its output, success is exit 0. The last
 * line it prints is its summary. The key reaches it as AGENT_API_KEY.
 */
export async function runCommand(
  config: CheckedConfig,
  task: AgentTask,
  hear: Hear,
  signal: AbortSignal | undefined,
): Promise<AgentOutcome> {
  const spent = { usage: null, cost_usd: null, session_id: null, denied: [] }
  let last = ''
  let complaint = ''
  const environment = {
    ...sparseEnvironment(),
    ...(config.api_key ? { AGENT_API_KEY: config.api_key } : {}),
    ...(config.base_url ? { AGENT_BASE_URL: config.base_url } : {}),
    ...(config.model ? { AGENT_MODEL: config.model } : {}),
  }
  const end = await runProcess(
    orderFor(config, task, config.command ?? [], environment),
    (stream, line) => {
      hear({ stream, line })
      if (line.trim() === '') return
      if (stream === 'stdout') last = line
      else complaint = line
    },
    signal,
  )
  if (end.reason !== 'exit') return { ok: false, ...end, ...spent }
  if (end.code === 0) return { ok: true, summary: brief(last || 'done', 2000), ...spent }
  const why = brief(complaint || last)
  return {
    ok: false,
    reason: 'exit',
    message: `${config.command?.[0]} ended with ${end.how}${why ? `: ${why}` : ''}`,
    ...spent,
  }
}
