import { useQueryClient } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { ApiToken } from '../api/types.ts'
import { Ask } from '../form/ask.tsx'
import { toast } from '../ui/toasts.tsx'
import { tokensQuery } from './tokens.ts'

interface RevokeTokenProps {
  token: ApiToken
  /** Whether it is the one that the reader came with. */
  own: boolean
  onClose: () => void
}

export function RevokeToken({ token, own, onClose }: RevokeTokenProps) {
  const client = useQueryClient()
  const revoke = async () => {
    await request('DELETE', `/tokens/${token.id}`)
    toast({ tone: 'info', title: `“${token.name}” is revoked` })
    void client.invalidateQueries({ queryKey: tokensQuery.queryKey })
  }
  return (
    <Ask title={`Revoke “${token.name}”`} submit="Revoke" act={revoke} onClose={onClose}>
      {own && (
        <p className="notice notice-bad">
          <strong>This is what you are signed in with.</strong> You are signed out at once and need
          another token, or a new link from the server, to come back.
        </p>
      )}
      <p>Whoever uses it is refused within a second. This cannot be taken back.</p>
    </Ask>
  )
}
