import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { sprintTasksQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import type { Project, Sprint, SprintReport } from '../../api/types.ts'
import { Form } from '../../form/form.tsx'
import { useForm } from '../../form/use-form.ts'
import { Link } from '../../routing/link.tsx'
import { paths } from '../../routing/paths.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ReportFigures } from '../report/report-figures.tsx'
import { CarryOver, carryOverIn } from './carry-over.tsx'
import type { SprintDialogProps } from './edit-dialog.tsx'

type Ended = { by: 'api'; report: SprintReport } | { by: 'flow'; job: string }

/** Shows what is open, ends the sprint, and shows the report. */
export function CompleteDialog({ project, sprint, onClose }: SprintDialogProps) {
  const client = useQueryClient()
  const [ended, setEnded] = useState<Ended | null>(null)
  const hasFile =
    useQuery(sprintTasksQuery(sprint.id)).data?.some((task) => task.spec_id !== null) ?? false
  const hasRepository = project.local_path !== null || project.repo_url !== null
  const form = useForm({
    send: async (typed, key): Promise<Ended> => {
      const carry_over_to = carryOverIn(typed)
      return typed.has('tick')
        ? byFlow(sprint, carry_over_to, key)
        : byApi(sprint, carry_over_to, key)
    },
    onSent: async (answer) => {
      setEnded(answer)
      await client.invalidateQueries({ queryKey: ['sprints'] })
      void client.invalidateQueries({ queryKey: ['projects', project.id] })
    },
  })
  if (ended)
    return <EndedDialog project={project} sprint={sprint} ended={ended} onClose={onClose} />
  return (
    <Dialog title={`Complete ${sprint.name}`} onClose={onClose}>
      <Form form={form} submit="Complete the sprint" fields={['carry_over_to']} onCancel={onClose}>
        {sprint.status === 'planning' && (
          <p className="notice">It has not started: completing it starts it first.</p>
        )}
        <CarryOver sprint={sprint} slug={project.slug} />
        {hasFile && hasRepository && (
          <label className="check">
            <input type="checkbox" name="tick" />
            <span>
              Import its tasks.md once more first, and tick in it what is done. A flow does that; it
              takes a moment.
            </span>
          </label>
        )}
        <p className="plain">The sprint becomes read-only; an admin can open it again.</p>
      </Form>
    </Dialog>
  )
}

interface EndedDialogProps extends SprintDialogProps {
  project: Project
  ended: Ended
}

function EndedDialog({ project, sprint, ended, onClose }: EndedDialogProps) {
  return (
    <Dialog
      title={ended.by === 'api' ? `${sprint.name} is completed` : `Completing ${sprint.name}`}
      onClose={onClose}
    >
      {ended.by === 'api' ? (
        <ReportFigures report={ended.report} />
      ) : (
        <p className="plain">
          The flow complete_sprint has begun. The board shows the end when it is there.
        </p>
      )}
      <div className="form-end">
        {ended.by === 'api' ? (
          <Link className="button" to={paths.report(project.slug, sprint.code)} onClick={onClose}>
            Open the report
          </Link>
        ) : (
          <Link className="button" to={paths.flowRun(ended.job)} onClick={onClose}>
            Follow the flow
          </Link>
        )}
        <button type="button" className="button button-main" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  )
}

async function byApi(sprint: Sprint, carry_over_to: string, key: string): Promise<Ended> {
  const path = `/sprints/${sprint.id}/actions/complete`
  const { report } = await request<{ report: SprintReport }>('POST', path, {
    body: { carry_over_to },
    idempotencyKey: key,
  })
  return { by: 'api', report }
}

async function byFlow(sprint: Sprint, carry_over_to: string, key: string): Promise<Ended> {
  const { job_id } = await request<{ job_id: string }>('POST', '/flow-runs', {
    body: {
      path: 'f/devgodzilla/complete_sprint',
      args: { sprint_id: sprint.id, carry_over_to },
    },
    idempotencyKey: key,
  })
  return { by: 'flow', job: job_id }
}
