import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** Which revisions of the protocol a client begins with. */
export type Era = 'legacy' | 'auto'

export const mcpClient = (era: Era = 'auto') =>
  new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } })

/** The official client, connected by HTTP; whoever asked for it closes it. */
export async function mcpOverHttp(url: string, token: string, era?: Era): Promise<Client> {
  const client = mcpClient(era)
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  return client
}
