import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { protocolsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { ImportDialog } from '../import/import-dialog.tsx'
import { CreateDialog } from '../sprint/create-dialog.tsx'
import '../sprint/sprint-dialogs.css'
import { OfProject } from '../project/in-project.tsx'
import { paths } from '../routing/paths.ts'
import { inOrder } from '../scrum/sprint-order.ts'
import { useMay } from '../session/session.ts'
import { NoSprints } from '../sprint/no-sprints.tsx'
import { SprintRows } from '../sprint/sprint-rows.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { RunList } from './run-list.tsx'
import { SpecList } from './spec-list.tsx'
import { useLiveProject } from './use-live-project.ts'
import './project-page.css'

export function ProjectPage({ slug }: { slug: string }) {
  return <OfProject slug={slug}>{(project) => <ProjectView project={project} />}</OfProject>
}

function ProjectView({ project }: { project: Project }) {
  useLiveProject(project.id)
  const mayPlan = useMay('plan')
  return (
    <div className="page">
      <PageHead
        title={project.name}
        places={[{ label: 'Projects', to: paths.projects() }, { label: project.slug }]}
        end={mayPlan && <NextActions project={project} />}
      >
        <p className="id project-place">
          {project.repo_url ?? project.local_path ?? 'no repository'} · {project.default_branch}
        </p>
      </PageHead>
      <section className="section" aria-labelledby="sprints">
        <h2 id="sprints">Sprints</h2>
        <Sprints project={project} />
      </section>
      <div className="project-halves">
        <section className="section" aria-labelledby="specs">
          <h2 id="specs">Specs</h2>
          <SpecList projectId={project.id} />
        </section>
        <section className="section" aria-labelledby="runs">
          <h2 id="runs">Protocol runs</h2>
          <RunList project={project} />
        </section>
      </div>
    </div>
  )
}

function NextActions({ project }: { project: Project }) {
  const [asked, setAsked] = useState<'sprint' | 'import' | null>(null)
  const close = () => setAsked(null)
  return (
    <>
      <button type="button" className="button" onClick={() => setAsked('import')}>
        Import a tasks.md
      </button>
      <button type="button" className="button button-main" onClick={() => setAsked('sprint')}>
        Create a sprint
      </button>
      {asked === 'import' && <ImportDialog project={project} file={null} onClose={close} />}
      {asked === 'sprint' && <CreateDialog project={project} onClose={close} />}
    </>
  )
}

function Sprints({ project }: { project: Project }) {
  const { data, error, refetch } = useQuery(sprintsQuery(project.id))
  const { data: runs } = useQuery(protocolsQuery(project.id))
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />
  const shown = inOrder(data).filter((sprint) => sprint.status !== 'archived')
  if (shown.length === 0) {
    const unlinked = runs?.findLast((run) => run.linked_sprint_id === null)
    return <NoSprints project={project} run={unlinked} />
  }
  return (
    <SprintRows
      label="Sprints"
      atFirst={10}
      rows={shown.map((sprint) => ({
        sprint,
        slug: project.slug,
        timeZone: project.settings.time_zone,
      }))}
    />
  )
}
