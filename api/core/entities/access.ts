import * as z from 'zod'
import { id, name, timestamp } from './fields.ts'

export const role = z.enum(['admin', 'member', 'agent', 'viewer'])
export type Role = z.infer<typeof role>

/** What a command needs: read it, do the work, plan the work, or run the place. */
export const scope = z.enum(['read', 'work', 'plan', 'admin'])
export type Scope = z.infer<typeof scope>

const granted: Record<Role, readonly Scope[]> = {
  viewer: ['read'],
  agent: ['read', 'work'],
  member: ['read', 'work', 'plan'],
  admin: ['read', 'work', 'plan', 'admin'],
}

export const grants = (role: Role, scope: Scope): boolean => granted[role].includes(scope)

/** Who may, the least powerful first. */
export const rolesThat = (may: Scope): Role[] =>
  [...role.options].reverse().filter((it) => grants(it, may))

/** Good, ended by somebody, or ended by itself; a revoked one stays revoked when its time is over. */
export const tokenState = z.enum(['valid', 'revoked', 'expired'])
export type TokenState = z.infer<typeof tokenState>

export const ApiToken = z
  .object({
    id,
    name: name(200),
    role,
    service: z.boolean().meta({ description: 'may say on whose behalf it acts' }),
    created_at: timestamp,
    expires_at: timestamp.nullable(),
    revoked_at: timestamp.nullable(),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof ApiToken>
