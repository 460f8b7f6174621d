import { Link } from '../routing/link.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { shownCount } from './counts.ts'
import type { Place } from './places.ts'

export function PlaceLink({ place, path }: { place: Place; path: string }) {
  const { label, to, count, status } = place
  return (
    <li>
      <Link className="place" to={to} aria-current={isHere(to, path) ? 'page' : undefined}>
        {status && <StatusMark status={status} />}
        <span className="place-label" title={label}>
          {label}
        </span>
        {count !== undefined && count.number > 0 && (
          <span className="place-count numbers">
            {shownCount(count.number)}
            <span className="hidden"> {count.of}</span>
          </span>
        )}
      </Link>
    </li>
  )
}

/** A place is also where one thing of its list is shown, such as one run. */
const isHere = (to: string, path: string) =>
  path === to ||
  (/\/(runs|sessions|flow-runs|sprints\/[^/]+)$/.test(to) && path.startsWith(`${to}/`))
