import type { ApiToken } from '../api/types.ts'
import { formatDay, timeAgo } from '../format/dates.ts'
import '../ui/records.css'
import { stateOf } from './tokens.ts'

interface TokenTableProps {
  tokens: ApiToken[]
  /** Id of the token that the reader came with. */
  own: number
  now: number
  onRevoke: (token: ApiToken) => void
}

export function TokenTable({ tokens, own, now, onRevoke }: TokenTableProps) {
  return (
    <table className="records" aria-label="Tokens, newest first">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">State</th>
          <th scope="col">Created</th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span className="hidden">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => {
          const state = stateOf(token, now)
          return (
            <tr key={token.id}>
              <td className="records-main">
                <strong>{token.name}</strong>
                {token.id === own && <span className="token-own"> yours</span>}
                {token.service && (
                  <p className="records-fine">service: may say on whose behalf it acts</p>
                )}
              </td>
              <td data-label="Role">{token.role}</td>
              <td data-label="State">
                {state}
                {token.revoked_at && ` ${timeAgo(token.revoked_at, now)}`}
              </td>
              <td data-label="Created">{timeAgo(token.created_at, now)}</td>
              <td data-label="Expires">
                {token.expires_at ? formatDay(token.expires_at) : 'never'}
              </td>
              <td>
                {state === 'valid' && (
                  <button
                    type="button"
                    className="button button-small"
                    onClick={() => onRevoke(token)}
                  >
                    Revoke<span className="hidden"> {token.name}</span>
                  </button>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
