import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../api/problem.ts'
import { sprintsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { ReplayedWork } from '../api/types.ts'
import { Form } from '../form/form.tsx'
import { useForm } from '../form/use-form.ts'
import { inOrder, isClosed } from '../scrum/sprint-order.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { toast } from '../ui/toasts.tsx'
import type { SessionDialogProps } from './dialog-props.ts'
import { ReplayPreview } from './replay-preview.tsx'

/** Applies what a session did once more; first it is shown what that would do. */
export function ReplayDialog({ project, session, onClose }: SessionDialogProps) {
  const client = useQueryClient()
  const [onto, setOnto] = useState('')
  const { data: sprints = [] } = useQuery(sprintsQuery(project.id))
  const base = onto === '' ? {} : { sprint_id: Number(onto) }
  const path = `/sessions/${session.key}/actions/replay`
  const tried = useQuery({
    queryKey: ['sessions', 'replay', session.key, onto],
    queryFn: () => request<ReplayedWork>('POST', path, { body: { ...base, dry_run: true } }),
    gcTime: 0,
  })
  const form = useForm<ReplayedWork>({
    async send(typed, idempotencyKey) {
      const skip_conflicts = typed.has('skip_conflicts')
      const done = await request<ReplayedWork>('POST', path, {
        body: { ...base, skip_conflicts },
        idempotencyKey,
      })
      if (done.applied) return done
      void tried.refetch()
      throw new Problem(409, { detail: whyNot(done) })
    },
    onSent: async (done) => {
      const left = done.conflicts.length
      const title = `Replayed: ${done.changed.length} changed${left > 0 ? `, ${left} left as they are` : ''}.`
      toast({ tone: 'info', title, silent: true })
      announce(title)
      await client.invalidateQueries({ queryKey: ['sessions'] })
      onClose()
    },
  })
  const open = inOrder(sprints).filter((it) => !isClosed(it) && it.status !== 'archived')
  return (
    <Dialog title={`Replay what ${session.agent} did`} onClose={onClose} wide>
      <Form form={form} submit="Replay" fields={[]} onCancel={onClose}>
        <div className="field">
          <label htmlFor="replay-onto">Onto</label>
          <select
            id="replay-onto"
            data-first
            value={onto}
            onChange={(event) => setOnto(event.target.value)}
          >
            <option value="">what its tasks are now</option>
            {open.map(({ id, code, name }) => (
              <option key={id} value={id}>
                the tasks of {code} {name} that have the same title or file id
              </option>
            ))}
          </select>
        </div>
        {tried.data && <ReplayPreview report={tried.data} />}
        {!tried.data && tried.error && <ErrorState error={tried.error} retry={tried.refetch} />}
        {!tried.data && !tried.error && <Skeleton label="Trying it out" />}
        {tried.data && tried.data.conflicts.length > 0 && (
          <label className="check">
            <input type="checkbox" name="skip_conflicts" />
            Leave what conflicts as it is, and do the rest
          </label>
        )}
      </Form>
    </Dialog>
  )
}

function whyNot({ changed, conflicts }: ReplayedWork): string {
  if (conflicts.length === 0 || changed.length === 0) {
    return 'There is nothing to replay: everything is as the session left it, or stands in the way.'
  }
  return 'Nothing was replayed: tick that conflicts are left as they are, or choose other tasks.'
}
