import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'

/** What there is to see of one sprint. */
export function SprintTabs({ slug, code, path }: { slug: string; code: string; path: string }) {
  const tabs = [
    { label: 'Board', to: paths.board(slug, code) },
    { label: 'Charts', to: paths.charts(slug, code) },
    { label: 'Report', to: paths.report(slug, code) },
    { label: 'History', to: paths.sprintHistory(slug, code) },
  ]
  return (
    <nav className="tabs" aria-label="Sprint">
      {tabs.map(({ label, to }) => (
        <Link key={label} to={to} aria-current={path === to ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
