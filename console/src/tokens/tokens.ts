import { queryOptions } from '@tanstack/react-query'
import { getAll } from '../api/request.ts'
import type { ApiToken } from '../api/types.ts'

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => getAll<ApiToken>('/tokens', {}, signal),
})

export type TokenState = 'valid' | 'revoked' | 'expired'

export function stateOf({ revoked_at, expires_at }: ApiToken, now: number): TokenState {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && Date.parse(expires_at) <= now ? 'expired' : 'valid'
}
