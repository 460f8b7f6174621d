import { useQueries } from '@tanstack/react-query'
import { projectsQuery, sprintsQuery } from '../api/queries.ts'
import { count } from '../format/words.ts'
import { NoProjects } from '../project/no-projects.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { inOrder, isClosed } from '../scrum/sprint-order.ts'
import { NoSprints } from '../sprint/no-sprints.tsx'
import { SprintRows } from '../sprint/sprint-rows.tsx'
import { useLiveSprints } from '../sprint/use-live-sprints.ts'
import { PageHead } from '../ui/page-head.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { useTitle } from '../ui/title.ts'
import { fitsFilter, SprintFilters, useSprintFilter } from './sprint-filter.tsx'

/** Sprints of every project, what is worked on first. */
export function SprintsPage() {
  useTitle('Sprints')
  useLiveSprints()
  return (
    <div className="page">
      <PageHead title="Sprints">
        <p>Across all projects, what is being worked on first.</p>
      </PageHead>
      <Sprints />
    </div>
  )
}

function Sprints() {
  const filter = useSprintFilter()
  const [sprints, projects] = useQueries({ queries: [sprintsQuery(), projectsQuery] })
  const failed = [sprints, projects].find((it) => it.isError && it.data === undefined)
  if (failed) return <ErrorState error={failed.error} retry={failed.refetch} />
  if (!sprints.data || !projects.data) return <Skeleton lines={6} label="Loading sprints" />

  const byId = new Map(projects.data.map((project) => [project.id, project]))
  const rows = inOrder(sprints.data)
    .filter((sprint) => sprint.status !== 'archived')
    .flatMap((sprint) => {
      const project = byId.get(sprint.project_id)
      if (!project) return []
      const { slug, name, settings } = project
      return [{ sprint, slug, timeZone: settings.time_zone, projectName: name }]
    })
  if (projects.data.length === 0) return <NoProjects />
  if (rows.length === 0) {
    return <NoSprints project={projects.data.length === 1 ? projects.data[0] : undefined} />
  }
  const shown = rows.filter(({ sprint, slug }) => fitsFilter(sprint, slug, filter))
  const open = shown.filter((row) => !isClosed(row.sprint))
  const closed = shown.filter((row) => isClosed(row.sprint))
  return (
    <>
      <SprintFilters projects={projects.data} found={count(shown.length, 'sprint')} />
      {shown.length === 0 && (
        <EmptyState title="No sprint fits">
          <p>None of {count(rows.length, 'sprint')} is like this.</p>
          <Link className="button" to={paths.sprints()}>
            Show all
          </Link>
        </EmptyState>
      )}
      {open.length > 0 && (
        <section className="section" aria-labelledby="open">
          <h2 id="open">{count(open.length, 'open sprint')}</h2>
          <SprintRows rows={open} label="Open sprints" />
        </section>
      )}
      {closed.length > 0 && (
        <section className="section" aria-labelledby="closed">
          <h2 id="closed">{count(closed.length, 'closed sprint')}</h2>
          <SprintRows rows={closed} label="Closed sprints" />
        </section>
      )}
    </>
  )
}
