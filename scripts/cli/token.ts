import type { Command } from 'commander'
import { type ApiToken, role } from '../../api/core/entities/access.ts'
import { allPages, apiTarget, call } from '../connect/client.ts'
import { print, table } from './print.ts'

/** `devgodzilla token create|list|revoke`. */
export function addToken(program: Command): void {
  const token = program.command('token').description('let people, agents and services in')
  token
    .command('create')
    .description('create a token; its secret is printed this once')
    .requiredOption('--name <name>', 'who or what it is for')
    .option('--role <role>', `one of ${role.options.join(', ')}`, 'member')
    .option('--service', 'may say on whose behalf it acts, as flows do')
    .option('--expires <date>', 'last moment it is good for, such as 2027-01-31')
    .option('--json', 'print JSON')
    .action(async (options: CreateOptions) => {
      const created = (await call(await apiTarget(process.env), {
        method: 'POST',
        path: '/tokens',
        body: {
          name: options.name,
          role: options.role,
          service: options.service ?? false,
          expires_at: options.expires ?? null,
        },
      })) as ApiToken & { secret: string }
      print(options.json, created, () => created.secret)
    })
  token
    .command('list')
    .description('list tokens, without their secrets')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const tokens = await allPages<ApiToken>(await apiTarget(process.env), '/tokens')
      print(json, tokens, () =>
        table(
          ['ID', 'ROLE', 'STATE', 'NAME'],
          tokens.map((it) => [it.id, it.role, stateOf(it), it.name]),
        ),
      )
    })
  token
    .command('revoke')
    .argument('<id>', 'as "token list" shows it')
    .description('revoke a token; it is refused within a second')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const path = `/tokens/${encodeURIComponent(id)}`
      const revoked = await call(await apiTarget(process.env), { method: 'DELETE', path })
      print(json, revoked, () => `Token ${id} is revoked.`)
    })
}

interface CreateOptions {
  name: string
  role: string
  service?: boolean
  expires?: string
  json?: boolean
}

function stateOf({ revoked_at, expires_at }: ApiToken): string {
  if (revoked_at) return 'revoked'
  if (expires_at && Date.parse(expires_at) <= Date.now()) return 'expired'
  return 'valid'
}
