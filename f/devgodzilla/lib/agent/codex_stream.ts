import * as z from 'zod'
import { brief, jsonOn } from './lines.ts'
import type { ProcessEnd } from './process.ts'
import type { AgentOutcome, AgentSpent, AgentUsage, Hear } from './types.ts'

const count = z.number().catch(0).default(0)
const Event = z.looseObject({
  type: z.string(),
  thread_id: z.string().optional(),
  message: z.string().optional(),
  error: z.looseObject({ message: z.string() }).nullish(),
  item: z
    .looseObject({
      type: z.string(),
      text: z.string().optional(),
      command: z.string().optional(),
      exit_code: z.number().nullish(),
      status: z.string().optional(),
      changes: z.array(z.looseObject({ path: z.string(), kind: z.string() })).optional(),
      query: z.string().optional(),
      tool: z.string().optional(),
      message: z.string().optional(),
    })
    .optional(),
  usage: z
    .looseObject({
      input_tokens: count,
      cached_input_tokens: count,
      output_tokens: count,
      reasoning_output_tokens: count,
    })
    .optional(),
})
type Item = NonNullable<z.infer<typeof Event>['item']>

/** Reads what `codex exec --json` prints; types that are not known are passed over. */
export function codexReader(hear: Hear) {
  let session: string | null = null
  let usage: AgentUsage | null = null
  let completed = false
  let failure = ''
  let complaint = ''
  let summary = ''
  let declined = false

  function did(item: Item): void {
    if (item.type === 'agent_message' && item.text) {
      summary = item.text
      hear({ stream: 'stdout', line: item.text })
    }
    if (item.type === 'error' && item.message) hear({ stream: 'stderr', line: item.message })
    if (item.type === 'web_search') hear({ stream: 'system', line: `searches: ${item.query}` })
    if (item.type === 'mcp_tool_call') hear({ stream: 'system', line: `uses ${item.tool}` })
    for (const { path, kind } of item.changes ?? []) {
      hear({ stream: 'system', line: `${kind} ${path}` })
    }
    if (item.type !== 'command_execution' || !item.command) return
    if (item.status === 'declined') declined = true
    const failed = item.exit_code != null && item.exit_code !== 0
    if (failed || item.status === 'declined') {
      const how = failed ? `exit code ${item.exit_code}` : 'declined'
      hear({ stream: 'stderr', line: `${brief(item.command)} failed: ${how}` })
    }
  }

  function take(event: z.infer<typeof Event>): void {
    const { type, item } = event
    if (type === 'thread.started') session = event.thread_id ?? null
    if (type === 'turn.started') hear({ stream: 'system', line: 'codex begins' })
    if (type === 'turn.completed') {
      completed = true
      if (event.usage) usage = usageOf(event.usage)
    }
    if (type === 'turn.failed') failure = event.error?.message ?? 'the turn failed'
    if (type === 'error' && event.message) {
      complaint = event.message
      hear({ stream: 'stderr', line: event.message })
    }
    if (type === 'item.started' && item?.type === 'command_execution' && item.command) {
      hear({ stream: 'system', line: `uses shell: ${brief(item.command)}` })
    }
    if (type === 'item.completed' && item) did(item)
  }

  return {
    read(stream: 'stdout' | 'stderr', line: string): void {
      const json = stream === 'stdout' ? jsonOn(line) : undefined
      const event = Event.safeParse(json).data
      if (event) take(event)
      if (json) return
      if (line.trim() !== '') complaint = line
      hear({ stream, line })
    },
    /** Success is a turn that completed, and an exit code that says so. */
    outcome(end: ProcessEnd): AgentOutcome {
      const denied = declined ? ['shell'] : []
      // Codex tells tokens, and no price.
      const spent: AgentSpent = { usage, cost_usd: null, session_id: session, denied }
      if (end.reason !== 'exit') return { ok: false, ...end, ...spent }
      if (failure) {
        const message = `codex ended with ${end.how}: ${brief(failure, 500)}`
        return { ok: false, reason: 'api_error', message, ...spent }
      }
      if (completed && end.code === 0) return { ok: true, summary, ...spent }
      const heard = complaint ? `: ${brief(complaint)}` : ''
      const message = `codex ended with ${end.how}${completed ? '' : ' and without a result'}${heard}`
      return { ok: false, reason: completed ? 'exit' : 'no_result', message, ...spent }
    },
  }
}

/** Its input includes what came from the cache, and its output the reasoning. */
function usageOf(told: NonNullable<z.infer<typeof Event>['usage']>): AgentUsage {
  return {
    input_uncached: Math.max(0, told.input_tokens - told.cached_input_tokens),
    cache_read: told.cached_input_tokens,
    cache_write: 0,
    output: told.output_tokens,
    reasoning: told.reasoning_output_tokens,
  }
}
