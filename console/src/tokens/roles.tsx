import type { Role, Scope } from '../api/types.ts'
import '../ui/records.css'
import { roleScopes } from './role-scopes.ts'

const scopes: { scope: Scope; does: string; such: string }[] = [
  { scope: 'read', does: 'Read everything', such: 'boards, runs, events; no token, no secret' },
  {
    scope: 'work',
    does: 'Do the work',
    such: 'move and edit cards, report steps, take tasks, add artifacts',
  },
  {
    scope: 'plan',
    does: 'Plan the work',
    such: 'projects, sprints, imports, runs, views, conflicts with files',
  },
  {
    scope: 'admin',
    does: 'Run the place',
    such: 'tokens, webhooks, local paths, deleting, closed sprints, conflicts with steps',
  },
]

/** What each role may do, with the reader's own marked. */
export function Roles({ own }: { own: Role }) {
  return (
    <section className="section" aria-labelledby="roles">
      <h2 id="roles">Roles</h2>
      <table className="records" aria-label="What each role may do">
        <thead>
          <tr>
            <th scope="col">May</th>
            {Object.keys(roleScopes).map((role) => (
              <th key={role} scope="col">
                {role}
                {role === own && <span className="token-own"> yours</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scopes.map(({ scope, does, such }) => (
            <tr key={scope}>
              <td className="records-main">
                <strong>{does}</strong>
                <p className="records-fine">{such}</p>
              </td>
              {Object.entries(roleScopes).map(([role, granted]) => (
                <td key={role} data-label={role}>
                  {granted.includes(scope) ? 'Yes' : 'No'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
