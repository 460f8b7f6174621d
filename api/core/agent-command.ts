/** What an agent says when it begins: a sprint, a task, or a session to go on with. */
export interface AgentTarget {
  sprint?: string
  task?: string
  session?: string
}

const kinds = { s: 'sprint', t: 'task', session: 'session' } as const
const part = /^(s|t|session)\s*:\s*(\S+)$/i

/**
 * Reads `AGENT INIT S:<sprint code>`, `T:<task code>` or `SESSION:<key>`, in any case, with or
 * without the first two words. A sprint and its task may stand together: `S:1 | T:2`.
 * Undefined for anything else.
 */
export function parseAgentCommand(command: string): AgentTarget | undefined {
  const parts = command
    .trim()
    .replace(/^agent\s+init\s+/i, '')
    .split('|')
  const target: AgentTarget = {}
  for (const text of parts) {
    const [, kind, code] = part.exec(text.trim()) ?? []
    const field = kinds[kind?.toLowerCase() as keyof typeof kinds]
    if (!field || !code || target[field] !== undefined) return undefined
    target[field] = field === 'session' ? code.toLowerCase() : code
  }
  return target.session !== undefined && parts.length > 1 ? undefined : target
}
