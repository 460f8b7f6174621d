import { useState } from 'react'
import type { Project, ProtocolRun } from '../api/types.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { EmptyState } from '../ui/states.tsx'
import { CreateDialog } from './create-dialog.tsx'
import './sprint-dialogs.css'

interface NoSprintsProps {
  /** Whose sprints these would be; undefined among several. */
  project: Project | undefined
  /** A run that has no sprint yet, where there is one. */
  run?: ProtocolRun | undefined
}

export function NoSprints({ project, run }: NoSprintsProps) {
  const mayPlan = useMay('plan')
  const [creating, setCreating] = useState(false)
  if (!mayPlan) {
    return (
      <EmptyState title="No open sprint">
        <p>A member or an admin creates the next one.</p>
      </EmptyState>
    )
  }
  if (!project) {
    return (
      <EmptyState title="No open sprint">
        <p>Create one in the project whose work it holds.</p>
        <p>
          <Link className="button" to={paths.projects()}>
            All projects
          </Link>
        </p>
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No open sprint">
      <p>
        {run
          ? `The run “${run.protocol_name}” can become one, with a card for each of its steps.`
          : 'Create one, then bring cards into it from the backlog, a task file or a run.'}
      </p>
      <p className="state-actions">
        <button type="button" className="button button-main" onClick={() => setCreating(true)}>
          Create a sprint
        </button>
        <Link className="button" to={paths.backlog(project.slug)}>
          Backlog of {project.name}
        </Link>
      </p>
      {creating && <CreateDialog project={project} onClose={() => setCreating(false)} />}
    </EmptyState>
  )
}
