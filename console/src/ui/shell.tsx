import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Me } from '../api/types.ts'
import { LiveSign } from '../live/live-sign.tsx'
import { useLiveStream } from '../live/use-events.ts'
import { Link } from '../routing/link.tsx'
import { useLocation } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { logOut, sessionQuery } from '../session/session.ts'
import { Mark } from './mark.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { toast } from './toasts.tsx'
import './shell.css'

/** What surrounds every page: the way home, the main places, the theme, who is here. */
export function Shell({ who, children }: { who: Me; children: ReactNode }) {
  const { path } = useLocation()
  const main = useRef<HTMLElement>(null)
  useFocusOnArrival(path, main)
  useLiveStream(who)
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar">
        <Link className="bar-home" to={paths.projects()}>
          <Mark />
          <span>DevGodzilla</span>
        </Link>
        <nav aria-label="Main">
          <Place to={paths.projects()} here={path === '/' || path.startsWith('/projects')}>
            Projects
          </Place>
          <Place to={paths.sprints()} here={path === '/sprints'}>
            Sprints
          </Place>
        </nav>
        <div className="bar-end">
          <LiveSign />
          <ThemeToggle />
          <p className="bar-who">
            {who.name} {who.name !== who.role && <span className="bar-role">{who.role}</span>}
          </p>
          <SignOut />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function Place({ to, here, children }: { to: string; here: boolean; children: ReactNode }) {
  return (
    <Link to={to} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  )
}

function SignOut() {
  const client = useQueryClient()
  const leave = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      const [session] = sessionQuery.queryKey
      client.setQueryData(sessionQuery.queryKey, { who: null, linkProblem: null })
      // Nothing that was read stays for whoever comes next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session })
    },
    onError: (error) => toast({ tone: 'bad', title: 'Still signed in', detail: error.message }),
  })
  return (
    <button type="button" className="button button-small" onClick={() => leave.mutate()}>
      Sign out
    </button>
  )
}

/** A new page is read from its beginning; the first one is left to the browser. */
function useFocusOnArrival(path: string, main: React.RefObject<HTMLElement | null>) {
  const arrived = useRef(path)
  useEffect(() => {
    if (arrived.current === path) return
    arrived.current = path
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [path, main])
}
