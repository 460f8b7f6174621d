import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelThat } from '../../f/support/model-server.ts'
import type { Json } from '../../support/api.ts'
import { requireTool } from '../../support/requires.ts'
import { checkedApi } from '../support/checked-api.ts'

const api = await checkedApi()
const project = await api.project({ slug: 'mole' })
const task = await api.task(project.id, { code: 'LAMP-1', title: 'A lamp on the mole' })
const { secret } = (await api.post('/tokens', { name: 'claude', role: 'agent' })).body
const bin = fileURLToPath(new URL('../../../scripts/bin.mjs', import.meta.url))

/** How a user would tell it of this server: by a program to start, or by an address. */
const servers = {
  stdio: {
    command: process.execPath,
    args: [bin, 'mcp'],
    env: { DEVGODZILLA_URL: api.url, DEVGODZILLA_TOKEN: secret },
  },
  http: { type: 'http', url: `${api.url}/mcp`, headers: { Authorization: `Bearer ${secret}` } },
}

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'claude-mcp-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe.skipIf(!requireTool('claude'))('the claude CLI', () => {
  it.each(Object.entries(servers))(
    'calls tools by %s; the database shows it',
    async (way, server) => {
      const config = join(home, `${way}.json`)
      await writeFile(config, JSON.stringify({ mcpServers: { devgodzilla: server } }))
      const title = `A lamp, by ${way}`
      const tool = (name: string) => `mcp__devgodzilla__orchestration_${name}`
      const model = await modelThat(
        { use: tool('task_show'), input: { task_id: 'LAMP-1' } },
        { use: tool('task_update'), input: { task_id: 'LAMP-2', title } },
        { use: tool('task_update'), input: { task_id: 'LAMP-1', title } },
        { say: 'Lit.' },
      )
      const { stdout } = await execa(
        'claude',
        [
          ...['-p', '--output-format', 'stream-json', '--verbose'],
          ...['--strict-mcp-config', '--mcp-config', config, '--allowedTools', 'mcp__devgodzilla'],
        ],
        {
          input: 'Light the lamp.',
          cwd: home,
          timeout: 60_000,
          env: {
            HOME: home,
            CLAUDE_CONFIG_DIR: join(home, way),
            ANTHROPIC_API_KEY: 'key-of-mine',
            ANTHROPIC_BASE_URL: model.url,
            CLAUDE_CODE_MAX_RETRIES: '0',
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
            DISABLE_AUTOUPDATER: '1',
          },
        },
      )
      const lines: Json[] = stdout.split('\n').map((it) => JSON.parse(it))
      expect(lines.at(-1)).toMatchObject({ type: 'result', subtype: 'success', result: 'Lit.' })
      const results = lines
        .filter((it) => it.type === 'user')
        .flatMap((it) => it.message.content)
        .map((it) => ({ failed: it.is_error === true, text: JSON.stringify(it.content) }))
      expect(results).toMatchObject([
        { failed: false, text: expect.stringContaining('LAMP-1') },
        // What a model reads of a refusal is the way out.
        { failed: true, text: expect.stringContaining('Did you mean LAMP-1?') },
        { failed: false, text: expect.stringContaining(title) },
      ])
      expect((await api.get(`/tasks/${task.id}`)).body.title).toBe(title)
      const { items } = (await api.get(`/events?type=task.updated`)).body
      expect(items.some((it: Json) => it.actor === 'claude')).toBe(true)
    },
  )
})
