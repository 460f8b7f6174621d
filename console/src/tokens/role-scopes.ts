import type { Role, Scope } from '../api/types.ts'

/** As the API grants them; a test holds the two together. */
export const roleScopes: Record<Role, readonly Scope[]> = {
  viewer: ['read'],
  agent: ['read', 'work'],
  member: ['read', 'work', 'plan'],
  admin: ['read', 'work', 'plan', 'admin'],
}
