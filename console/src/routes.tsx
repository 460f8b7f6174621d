import { isValidElement, type ReactNode, Suspense } from 'react'
import { BoardPage } from './board/board-page.tsx'
import { type LazyPage, lazyPage } from './routing/lazy-page.tsx'
import { useLocation } from './routing/location.ts'
import { match, type Params } from './routing/match.ts'
import { preloadBy } from './routing/preload.ts'
import { PageBoundary } from './shell/page-boundary.tsx'
import { NotFoundPage } from './ui/not-found-page.tsx'
import { Skeleton } from './ui/states.tsx'

const ConflictsPage = lazyPage(() =>
  import('./conflicts/conflicts-page.tsx').then((it) => it.ConflictsPage),
)
const BacklogPage = lazyPage(() =>
  import('./planning/backlog-page.tsx').then((it) => it.BacklogPage),
)
const SprintChartsPage = lazyPage(() =>
  import('./charts/sprint-charts-page.tsx').then((it) => it.SprintChartsPage),
)
const ProjectChartsPage = lazyPage(() =>
  import('./charts/project-charts-page.tsx').then((it) => it.ProjectChartsPage),
)
const EventsPage = lazyPage(() => import('./events/events-page.tsx').then((it) => it.EventsPage))
const FlowRunsPage = lazyPage(() =>
  import('./flow-runs/flow-runs-page.tsx').then((it) => it.FlowRunsPage),
)
const FlowRunPage = lazyPage(() =>
  import('./flow-runs/flow-run-page.tsx').then((it) => it.FlowRunPage),
)
const ParkedPage = lazyPage(() => import('./parked/parked-page.tsx').then((it) => it.ParkedPage))
const ProjectPage = lazyPage(() =>
  import('./projects/project-page.tsx').then((it) => it.ProjectPage),
)
const ProjectsPage = lazyPage(() =>
  import('./projects/projects-page.tsx').then((it) => it.ProjectsPage),
)
const RunsPage = lazyPage(() => import('./runs/runs-page.tsx').then((it) => it.RunsPage))
const RunPage = lazyPage(() => import('./runs/run-page.tsx').then((it) => it.RunPage))
const ReportPage = lazyPage(() =>
  import('./planning/report/report-page.tsx').then((it) => it.ReportPage),
)
const SettingsPage = lazyPage(() =>
  import('./settings/settings-page.tsx').then((it) => it.SettingsPage),
)
const SprintHistoryPage = lazyPage(() =>
  import('./history/sprint-history-page.tsx').then((it) => it.SprintHistoryPage),
)
const SessionsPage = lazyPage(() =>
  import('./work-sessions/sessions-page.tsx').then((it) => it.SessionsPage),
)
const SessionPage = lazyPage(() =>
  import('./work-sessions/session-page.tsx').then((it) => it.SessionPage),
)
const SprintsPage = lazyPage(() =>
  import('./sprints/sprints-page.tsx').then((it) => it.SprintsPage),
)
const TokensPage = lazyPage(() => import('./tokens/tokens-page.tsx').then((it) => it.TokensPage))

/** Every page but the board is fetched when it is opened. */
const routes: [pattern: string, page: (params: Params) => ReactNode][] = [
  ['/', () => <ProjectsPage />],
  ['/sprints', () => <SprintsPage />],
  ['/tokens', () => <TokensPage />],
  ['/events', () => <EventsPage />],
  ['/flow-runs', () => <FlowRunsPage />],
  ['/flow-runs/:job', ({ job = '' }) => <FlowRunPage job={job} />],
  ['/parked', () => <ParkedPage />],
  ['/projects/:slug', ({ slug = '' }) => <ProjectPage slug={slug} />],
  ['/projects/:slug/conflicts', ({ slug = '' }) => <ConflictsPage slug={slug} />],
  ['/projects/:slug/backlog', ({ slug = '' }) => <BacklogPage slug={slug} />],
  ['/projects/:slug/runs', ({ slug = '' }) => <RunsPage slug={slug} />],
  ['/projects/:slug/runs/:id', ({ slug = '', id = '' }) => <RunPage slug={slug} id={id} />],
  ['/projects/:slug/sessions', ({ slug = '' }) => <SessionsPage slug={slug} />],
  [
    '/projects/:slug/sessions/:session',
    ({ slug = '', session = '' }) => <SessionPage slug={slug} sessionKey={session} />,
  ],
  ['/projects/:slug/events', ({ slug = '' }) => <EventsPage slug={slug} />],
  ['/projects/:slug/charts', ({ slug = '' }) => <ProjectChartsPage slug={slug} />],
  ['/projects/:slug/settings', ({ slug = '' }) => <SettingsPage slug={slug} />],
  [
    '/projects/:slug/sprints/:code/charts',
    ({ slug = '', code = '' }) => <SprintChartsPage slug={slug} code={code} />,
  ],
  [
    '/projects/:slug/sprints/:code/report',
    ({ slug = '', code = '' }) => <ReportPage slug={slug} code={code} />,
  ],
  [
    '/projects/:slug/sprints/:code/history',
    ({ slug = '', code = '' }) => <SprintHistoryPage slug={slug} code={code} />,
  ],
  [
    '/projects/:slug/sprints/:code',
    ({ slug = '', code = '' }) => <BoardPage slug={slug} code={code} />,
  ],
]

function pageAt(path: string): ReactNode {
  for (const [pattern, page] of routes) {
    const params = match(pattern, path)
    if (params !== null) return page(params)
  }
  return <NotFoundPage path={path} />
}

preloadBy((path) => {
  const page = pageAt(path)
  if (isValidElement(page)) (page.type as Partial<LazyPage<object>>).preload?.()
})

/** The page at the address; each path is a page of its own, which a change of the query keeps. */
export function Routes() {
  const { path } = useLocation()
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<PageSkeleton />}>{pageAt(path)}</Suspense>
    </PageBoundary>
  )
}

function PageSkeleton() {
  return (
    <div className="page">
      <Skeleton lines={8} label="Loading the page" />
    </div>
  )
}
