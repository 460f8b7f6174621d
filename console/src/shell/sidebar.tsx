import type { Me, Project } from '../api/types.ts'
import { UnsentSign } from '../edits/unsent-sign.tsx'
import { LiveSign } from '../live/live-sign.tsx'
import { Keys } from '../palette/keys-shown.tsx'
import { openPalette } from '../palette/open.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { Mark } from '../ui/mark.tsx'
import { ThemeToggle } from '../ui/theme-toggle.tsx'
import { PlaceLink } from './place-link.tsx'
import type { Place } from './places.ts'
import { SignOut } from './sign-out.tsx'
import './sidebar.css'

interface SidebarProps {
  who: Me
  path: string
  everywhere: readonly Place[]
  project: Project | undefined
  within: readonly Place[]
  /** Hides it, or keeps it beside the page; absent where there is no room for that. */
  keep?: { kept: boolean; onChange: (kept: boolean) => void } | undefined
}

/** Where one can go, and who one is. */
export function Sidebar({ who, path, everywhere, project, within, keep }: SidebarProps) {
  return (
    <div className="sidebar">
      <Link className="bar-home" to={paths.projects()}>
        <Mark />
        <span>DevGodzilla</span>
      </Link>
      <button type="button" className="sidebar-search" onClick={() => openPalette('all')}>
        Search <Keys keys="Mod+K" />
      </button>
      <nav aria-label="Main">
        <ul>
          {everywhere.map((place) => (
            <PlaceLink key={place.id} place={place} path={path} />
          ))}
        </ul>
      </nav>
      {project && (
        <nav aria-labelledby="sidebar-project">
          <h2 id="sidebar-project">{project.name}</h2>
          <ul>
            {within.map((place) => (
              <PlaceLink key={place.id} place={place} path={path} />
            ))}
          </ul>
        </nav>
      )}
      <div className="sidebar-end">
        <UnsentSign />
        <LiveSign />
        <p className="sidebar-who">
          {who.name} {who.name !== who.role && <span>{who.role}</span>}
        </p>
        <SignOut />
        <ThemeToggle />
        {keep && (
          <button
            type="button"
            className="button button-small sidebar-keep"
            onClick={() => keep.onChange(!keep.kept)}
          >
            {keep.kept ? 'Hide the sidebar' : 'Keep the sidebar open'}
          </button>
        )}
      </div>
    </div>
  )
}
