import * as z from 'zod'
import { brief, jsonOn } from './lines.ts'
import type { ProcessEnd } from './process.ts'
import type { AgentFailure, AgentOutcome, AgentSpent, AgentUsage, Hear } from './types.ts'

const count = z.number().catch(0).default(0)
const Part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.looseObject({}).optional(),
  tool_use_id: z.string().optional(),
  content: z.unknown().optional(),
  is_error: z.boolean().nullish(),
})
const Message = z.looseObject({
  message: z.looseObject({
    id: z.string().optional(),
    content: z.array(Part).catch([]),
    usage: z
      .looseObject({
        input_tokens: count,
        output_tokens: count,
        cache_read_input_tokens: count,
        cache_creation_input_tokens: count,
      })
      .nullish()
      .catch(null),
  }),
})
type ModelUsage = Record<
  'inputTokens' | 'outputTokens' | 'cacheReadInputTokens' | 'cacheCreationInputTokens',
  number
>
const Init = z.looseObject({ session_id: z.string(), model: z.string() })
const Result = z.looseObject({
  subtype: z.string(),
  is_error: z.boolean(),
  terminal_reason: z.string().nullish(),
  session_id: z.string().nullish(),
  result: z.string().nullish(),
  errors: z.array(z.string()).nullish().catch(null),
  total_cost_usd: z.number().nullish(),
  // Counts sub-agents as well, which `usage` does not.
  modelUsage: z
    .record(
      z.string(),
      z.looseObject({
        inputTokens: count,
        outputTokens: count,
        cacheReadInputTokens: count,
        cacheCreationInputTokens: count,
      }),
    )
    .nullish(),
  permission_denials: z.array(z.looseObject({ tool_name: z.string() })).default([]),
})
type Result = z.infer<typeof Result>

/**
 * Reads what `claude --output-format stream-json` prints. Types and fields that are not known are
 * passed over: every version adds some.
 */
export function claudeReader(hear: Hear) {
  const tools = new Map<string, string>()
  /** Of each message, as far as it was told: all there is of one that was stopped. */
  const used = new Map<string, ModelUsage>()
  let session: string | null = null
  let result: Result | undefined
  let complaint = ''

  function said(event: Record<string, unknown>): void {
    const { id, usage, content = [] } = Message.safeParse(event).data?.message ?? {}
    if (id && usage) {
      used.set(id, {
        inputTokens: usage.input_tokens,
        outputTokens: usage.output_tokens,
        cacheReadInputTokens: usage.cache_read_input_tokens,
        cacheCreationInputTokens: usage.cache_creation_input_tokens,
      })
    }
    for (const part of content) {
      if (part.type === 'text' && part.text) hear({ stream: 'stdout', line: part.text })
      if (part.type === 'tool_use' && part.name) {
        if (part.id) tools.set(part.id, part.name)
        hear({ stream: 'system', line: `uses ${part.name}${subject(part.input)}` })
      }
    }
  }

  function answered(event: Record<string, unknown>): void {
    for (const part of Message.safeParse(event).data?.message.content ?? []) {
      if (part.type !== 'tool_result' || !part.is_error) continue
      const tool = tools.get(part.tool_use_id ?? '') ?? 'a tool'
      hear({ stream: 'stderr', line: `${tool} failed: ${brief(textOf(part.content), 500)}` })
    }
  }

  return {
    read(stream: 'stdout' | 'stderr', line: string): void {
      const event = stream === 'stdout' ? jsonOn(line) : undefined
      if (!event) {
        if (line.trim() !== '') complaint = line
        hear({ stream, line })
      } else if (event.type === 'assistant') said(event)
      else if (event.type === 'user') answered(event)
      else if (event.type === 'result') result = Result.safeParse(event).data ?? result
      else if (event.type === 'system' && event.subtype === 'init') {
        const init = Init.safeParse(event).data
        session = init?.session_id ?? session
        if (init) hear({ stream: 'system', line: `claude begins, with the model ${init.model}` })
      }
    },
    /** Success is a result line that says so, and an exit code that does. */
    outcome(end: ProcessEnd): AgentOutcome {
      const spent = spentOf(result, session, [...used.values()])
      if (end.reason !== 'exit') return { ok: false, ...end, ...spent }
      if (!result) {
        const heard = complaint ? `: ${brief(complaint)}` : ''
        const message = `claude ended with ${end.how} and without a result${heard}`
        return { ok: false, reason: 'no_result', message, ...spent }
      }
      const reason = failureOf(result, end.code)
      if (!reason) return { ok: true, summary: result.result ?? '', ...spent }
      const detail = brief(result.result || result.errors?.join('; ') || '', 500)
      const message = `claude ended with ${end.how} (${reason})${detail ? `: ${detail}` : ''}`
      return { ok: false, reason, message, ...spent }
    },
  }
}

function failureOf(result: Result, code: number | null): AgentFailure | undefined {
  if (result.subtype === 'error_max_turns') return 'max_turns'
  if (result.subtype === 'error_max_budget_usd') return 'max_budget'
  if (result.terminal_reason === 'api_error') return 'api_error'
  return result.subtype === 'success' && !result.is_error && code === 0 ? undefined : 'exit'
}

function spentOf(
  result: Result | undefined,
  session: string | null,
  used: ModelUsage[],
): AgentSpent {
  const models = result?.modelUsage ? Object.values(result.modelUsage) : used
  return {
    usage: models.length > 0 ? sum(models) : null,
    cost_usd: result?.total_cost_usd ?? null,
    session_id: result?.session_id ?? session,
    denied: [...new Set(result?.permission_denials.map(({ tool_name }) => tool_name))],
  }
}

function sum(models: ModelUsage[]): AgentUsage {
  const total = { input_uncached: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0 }
  for (const model of models) {
    total.input_uncached += model.inputTokens
    total.cache_read += model.cacheReadInputTokens
    total.cache_write += model.cacheCreationInputTokens
    total.output += model.outputTokens
  }
  return total
}

/** What a tool is used on, where its input says so in a word. */
function subject(input: Record<string, unknown> = {}): string {
  for (const name of ['command', 'file_path', 'path', 'pattern', 'url', 'description', 'query']) {
    const value = input[name]
    if (typeof value === 'string' && value !== '') return `: ${brief(value)}`
  }
  return ''
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: unknown) => Part.safeParse(part).data?.text ?? '').join(' ')
}
