import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { allCommands } from '../../api/commands/all.ts'
import type { Command } from '../../api/commands/command.ts'
import { flagOf } from '../../scripts/cli/derived/fields.ts'
import type { Json } from './api.ts'
import { mcpOverHttp } from './mcp-client.ts'

type Fields = Record<string, unknown>

/** A way into the product. Verbs are called by the name that agents know them by. */
export interface Surface {
  name: 'http' | 'mcp' | 'cli'
  /** @throws where the product refuses, with what it said */
  call(tool: string, fields: Fields, session?: string): Promise<Json>
}

interface Door {
  url: string
  token: string
}

function verbOf(tool: string): Command {
  const verb = allCommands.find((it) => it.tool === tool)
  if (!verb) throw new Error(`no verb is called ${tool}`)
  return verb
}

const paramsOf = ({ path }: Command) => [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)

export const overHttp = ({ url, token }: Door): Surface => ({
  name: 'http',
  async call(tool, fields, session) {
    const verb = verbOf(tool)
    const rest = { ...fields }
    const path = verb.path.replace(/:(\w+)/g, (_, name: string) => {
      const value = rest[name]
      delete rest[name]
      return encodeURIComponent(String(value))
    })
    const reads = verb.method === 'get'
    const query = reads ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
    const response = await fetch(url + path + query, {
      method: verb.method.toUpperCase(),
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        ...(session ? { 'X-Session-Key': session } : {}),
      },
      body: reads ? null : JSON.stringify(rest),
    })
    const answer = (await response.json()) as Json
    if (!response.ok) throw new Error(answer.detail)
    return answer
  },
})

/** With the official client; `close` ends it. */
export async function overMcp({ url, token }: Door): Promise<Surface & { close(): Promise<void> }> {
  const client = await mcpOverHttp(url, token)
  return {
    name: 'mcp',
    async call(tool, fields, session) {
      const answer = await client.callTool({
        name: tool,
        arguments: session ? { session_key: session, ...fields } : fields,
      })
      if (answer.isError) throw new Error(JSON.stringify(answer.content))
      return answer.structuredContent
    },
    close: () => client.close(),
  }
}

const program = fileURLToPath(new URL('../../scripts/bin.mjs', import.meta.url))

export const overCli = ({ url, token }: Door): Surface => ({
  name: 'cli',
  async call(tool, fields, session) {
    const verb = verbOf(tool)
    const said = (verb.cli ?? '').split(' ')
    // What its path names is an argument, and so is what its words have in brackets.
    const bracketed = said.filter((it) => /^[[<]/.test(it)).map((it) => it.replaceAll(/\W/g, ''))
    const params = [...paramsOf(verb), ...bracketed]
    const words = said.filter((it) => /^\w/.test(it))
    const spoken = params.filter((name) => name in fields).map((name) => String(fields[name]))
    const options = Object.entries(fields)
      .filter(([name]) => !params.includes(name))
      .flatMap(([name, value]) => optionOf(`--${flagOf(name)}`, value))
    const { stdout } = await execa(
      process.execPath,
      [program, ...words, ...spoken, ...options, '--json'],
      {
        env: {
          DEVGODZILLA_URL: url,
          DEVGODZILLA_TOKEN: token,
          ...(session ? { DEVGODZILLA_SESSION: session } : {}),
        },
      },
    )
    return JSON.parse(stdout)
  },
})

function optionOf(flag: string, value: unknown): string[] {
  if (value === true) return [flag]
  if (Array.isArray(value)) return value.flatMap((it) => optionOf(flag, it))
  return [flag, typeof value === 'object' ? JSON.stringify(value) : String(value)]
}
