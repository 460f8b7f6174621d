import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Me } from '../api/types.ts'
import { UnsentSign } from '../edits/unsent-sign.tsx'
import { LiveSign } from '../live/live-sign.tsx'
import { useLiveStream } from '../live/use-events.ts'
import { Help } from '../palette/help.tsx'
import { openPalette, useOverlay } from '../palette/open.ts'
import { Palette, TaskSearch } from '../palette/palette.tsx'
import { useLocation } from '../routing/location.ts'
import { useCounts } from './counts.ts'
import { Drawer } from './drawer.tsx'
import { hereOf } from './here.ts'
import { globalPlaces, projectPlaces } from './places.ts'
import { Sidebar } from './sidebar.tsx'
import { SprintTabs } from './sprint-tabs.tsx'
import { useGo } from './use-go.ts'
import { keepSidebar, useNarrow, useSidebarKept } from './use-narrow.ts'
import { useCurrentProject } from './use-project.ts'
import './shell.css'

interface ShellProps {
  who: Me
  /** Their session is over, and it is asked who is there. */
  ended: boolean
  children: ReactNode
}

/** What surrounds every page: where one can go, what can be done, who is here. */
export function Shell({ who, ended, children }: ShellProps) {
  const { path } = useLocation()
  const main = useRef<HTMLElement>(null)
  const overlay = useOverlay()
  const narrow = useNarrow()
  const kept = useSidebarKept()
  const compact = narrow || !kept
  const [drawer, setDrawer] = useState(false)
  const here = hereOf(path)
  const current = useCurrentProject(here)
  const counts = useCounts(current.project?.id)
  const everywhere = globalPlaces(counts)
  const within = projectPlaces(current, counts)
  useLiveStream(who, ended)
  useGo([...everywhere, ...within], current)
  useFocusOnArrival(path, main, () => setDrawer(false))

  const sidebar = (
    <Sidebar
      who={who}
      path={path}
      everywhere={everywhere}
      project={current.project}
      within={within}
      keep={narrow ? undefined : { kept, onChange: keepSidebar }}
    />
  )
  return (
    <div className={`shell${compact ? ' shell-compact' : ''}${here.code ? ' shell-sprint' : ''}`}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      {compact ? (
        <header className="bar">
          <button type="button" className="button button-small" onClick={() => setDrawer(true)}>
            Menu
          </button>
          <UnsentSign />
          <LiveSign />
          <button type="button" className="button button-small" onClick={() => openPalette('all')}>
            Search
          </button>
        </header>
      ) : (
        <header className="shell-side">{sidebar}</header>
      )}
      <main id="main" ref={main} tabIndex={-1}>
        {here.slug !== undefined && here.code !== undefined && (
          <SprintTabs slug={here.slug} code={here.code} path={path} />
        )}
        {children}
      </main>
      {compact && drawer && <Drawer onClose={() => setDrawer(false)}>{sidebar}</Drawer>}
      {overlay === 'all' && (
        <Palette projectId={current.project?.id} slug={current.project?.slug ?? ''} />
      )}
      {overlay === 'tasks' && <TaskSearch />}
      {overlay === 'help' && <Help />}
    </div>
  )
}

/** A new page is read from its beginning; the first one is left to the browser. */
function useFocusOnArrival(
  path: string,
  main: React.RefObject<HTMLElement | null>,
  onArrival: () => void,
) {
  const arrived = useRef(path)
  const arriving = useRef(onArrival)
  useEffect(() => {
    arriving.current = onArrival
  })
  useEffect(() => {
    if (arrived.current === path) return
    arrived.current = path
    arriving.current()
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [path, main])
}
