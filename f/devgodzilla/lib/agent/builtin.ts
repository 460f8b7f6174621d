import type { AgentOutcome, AgentTask, CheckedConfig, Hear } from './types.ts'

/** Works without a model: what a task knows to do by rule, and nothing else. */
export async function runBuiltin(
  _config: CheckedConfig,
  task: AgentTask,
  hear: Hear,
  signal: AbortSignal | undefined,
): Promise<AgentOutcome> {
  const spent = { usage: null, cost_usd: null, session_id: null, denied: [] }
  if (signal?.aborted) {
    return { ok: false, reason: 'cancelled', message: 'it was cancelled before it began', ...spent }
  }
  if (!task.by_rule) {
    const summary = 'The built-in agent works by rule, and there is none for this: nothing changed.'
    hear({ stream: 'system', line: summary })
    return { ok: true, summary, ...spent }
  }
  return { ok: true, summary: await task.by_rule(hear), ...spent }
}
