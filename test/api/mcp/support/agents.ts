import type { Client } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'
import type { Json, TestApi } from '../../../support/api.ts'
import { type Era, mcpOverHttp } from '../../../support/mcp-client.ts'

/** An agent's client, by HTTP, with a token of this role. */
export async function agentOf(api: TestApi, role: string, era: Era = 'auto'): Promise<Agent> {
  const name = `${role}-${era}-${Math.random()}`
  const { secret } = (await api.post('/tokens', { name, role })).body
  const client = await mcpOverHttp(api.url, secret, era)
  onTestFinished(() => client.close())
  return callerOf(client, secret)
}

export interface Agent {
  client: Client
  secret: string
  /** A tool's answer, which must be none of refusal. */
  call(name: string, input?: object): Promise<Json>
  /** A tool's refusal. */
  refusal(name: string, input?: object): Promise<Json>
}

export function callerOf(client: Client, secret: string): Agent {
  const ask = (name: string, input: object) =>
    client.callTool({ name, arguments: input as Record<string, unknown> })
  return {
    client,
    secret,
    async call(name, input = {}) {
      const answer = await ask(name, input)
      if (answer.isError) throw new Error(JSON.stringify(answer.content))
      return answer.structuredContent
    },
    async refusal(name, input = {}) {
      const answer = await ask(name, input)
      if (!answer.isError) throw new Error(`not refused: ${JSON.stringify(answer.content)}`)
      return (answer.structuredContent as Json).error
    },
  }
}
