import { Link } from '../routing/link.tsx'
import './crumbs.css'

export interface Place {
  label: string
  to?: string
}

/** Where this page lies; the last place is the page itself. */
export function Crumbs({ places }: { places: readonly Place[] }) {
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {places.map(({ label, to }) => (
          <li key={label}>
            {to === undefined ? (
              <span aria-current="page">{label}</span>
            ) : (
              <Link to={to}>{label}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
