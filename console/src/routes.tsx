import type { ReactNode } from 'react'
import { BoardPage } from './board/board-page.tsx'
import { EventsPage } from './events/events-page.tsx'
import { ProjectPage } from './projects/project-page.tsx'
import { ProjectsPage } from './projects/projects-page.tsx'
import { useLocation } from './routing/location.ts'
import { match, type Params } from './routing/match.ts'
import { SprintsPage } from './sprints/sprints-page.tsx'
import { NotFoundPage } from './ui/not-found-page.tsx'

const routes: [pattern: string, page: (params: Params) => ReactNode][] = [
  ['/', () => <ProjectsPage />],
  ['/sprints', () => <SprintsPage />],
  ['/projects/:slug', ({ slug = '' }) => <ProjectPage key={slug} slug={slug} />],
  ['/projects/:slug/events', ({ slug = '' }) => <EventsPage key={slug} slug={slug} />],
  [
    '/projects/:slug/sprints/:code',
    ({ slug = '', code = '' }) => <BoardPage key={`${slug}/${code}`} slug={slug} code={code} />,
  ],
]

export function Routes() {
  const { path } = useLocation()
  for (const [pattern, page] of routes) {
    const params = match(pattern, path)
    if (params !== null) return page(params)
  }
  return <NotFoundPage path={path} />
}
