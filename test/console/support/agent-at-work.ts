import type { Json, TestApi } from '../../support/api.ts'

type Method = 'post' | 'patch'

export interface AgentAtWork {
  key: string
  correlationId: string
  does(method: Method, path: string, body?: object): Promise<Json>
}

/** A session of an agent on `target`, such as `S:DEMO-S1`, in which it does things. */
export async function agentAtWork(
  client: TestApi,
  target: string,
  { agent = 'coder', token }: { agent?: string; token?: string } = {},
): Promise<AgentAtWork> {
  const as = token === undefined ? {} : { token }
  const checked = ({ status, body }: { status: number; body: Json }, what: string): Json => {
    if (status >= 300) throw new Error(`${what}: ${JSON.stringify(body)}`)
    return body
  }
  const begun = await client.post('/agent/init', { command: `AGENT INIT ${target}`, agent }, as)
  const { session_key: key, correlation_id: correlationId } = checked(begun, target)
  const options = { ...as, headers: { 'X-Session-Key': key } }
  return {
    key,
    correlationId,
    does: async (method, path, body = {}) =>
      checked(await client[method](path, body, options), path),
  }
}
