import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../actions/actions.ts'
import type { ApiToken, Me } from '../api/types.ts'
import { useEvents } from '../live/use-events.ts'
import { changeQuery, useLocation, withParameter } from '../routing/location.ts'
import { sessionQuery, useMay } from '../session/session.ts'
import { useNow } from '../ui/now.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { NewToken } from './new-token.tsx'
import { RevokeToken } from './revoke-token.tsx'
import { Roles } from './roles.tsx'
import { TokenTable } from './token-table.tsx'
import { stateOf, tokensQuery } from './tokens.ts'
import './tokens.css'

export function TokensPage() {
  useTitle('Tokens')
  const who = useQuery(sessionQuery).data?.who
  const admin = useMay('admin')
  return (
    <div className="page">
      <PageHead title="Tokens and roles">
        {who && (
          <p>
            You are signed in as {who.name} with the role <strong>{who.role}</strong>.
            {!admin && ' An admin makes and revokes tokens.'}
          </p>
        )}
      </PageHead>
      {admin && who && <Tokens who={who} />}
      {who && <Roles own={who.role} />}
    </div>
  )
}

function Tokens({ who }: { who: Me }) {
  const client = useQueryClient()
  const now = useNow()
  const { query } = useLocation()
  const { data, error, refetch } = useQuery(tokensQuery)
  const again = () => void client.invalidateQueries({ queryKey: tokensQuery.queryKey })
  useEvents({ types: ['token'] }, { onEvents: again, onOpen: again })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken | null>(null)
  useActions([
    { id: 'tokens.create', title: 'Create a token', group: 'Tokens', run: () => setMaking(true) },
  ])
  const all = query.get('show') === 'all'
  const shown = data?.filter((it) => all || stateOf(it, now) === 'valid').toSorted(newest)
  return (
    <section className="section" aria-labelledby="tokens">
      <div className="page-line">
        <h2 id="tokens">Tokens</h2>
        <div className="page-end">
          <label className="check">
            <input
              type="checkbox"
              checked={all}
              onChange={(event) =>
                changeQuery((it) => withParameter(it, 'show', event.target.checked ? 'all' : null))
              }
            />
            Revoked and expired too
          </label>
          <button type="button" className="button button-main" onClick={() => setMaking(true)}>
            Create a token
          </button>
        </div>
      </div>
      {!shown && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton lines={5} />)}
      {shown?.length === 0 && (
        <EmptyState title="No token">
          <p>Make one for each person, agent and integration, so that each can be revoked alone.</p>
        </EmptyState>
      )}
      {shown && shown.length > 0 && (
        <TokenTable tokens={shown} own={who.token_id} now={now} onRevoke={setRevoking} />
      )}
      {making && <NewToken onClose={() => setMaking(false)} />}
      {revoking && (
        <RevokeToken
          token={revoking}
          own={revoking.id === who.token_id}
          onClose={() => setRevoking(null)}
        />
      )}
    </section>
  )
}

const newest = (a: ApiToken, b: ApiToken) => b.id - a.id
