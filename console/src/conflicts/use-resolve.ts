import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../api/request.ts'
import type { Project, ResolutionReport } from '../api/types.ts'
import { count } from '../format/words.ts'
import { announce } from '../ui/announcer.tsx'
import { toast } from '../ui/toasts.tsx'
import type { Side } from './conflict-row.tsx'

export interface Decision {
  ids: number[]
  side: Side
  /** Why an admin changes a task of a sprint that has ended. */
  override_reason?: string
}

const closedSprint = 'closed_sprint_is_read_only'

/**
 * Resolves conflicts, one or many, and remembers why some stayed. Those in a sprint that has ended
 * are asked about once more (`closed`), since an admin may with a reason.
 */
export function useResolve(project: Project, mayOverride: boolean) {
  const client = useQueryClient()
  const [refusals, setRefusals] = useState<ReadonlyMap<number, string>>(new Map())
  const [closed, setClosed] = useState<Decision | null>(null)

  const settle = (decision: Decision, report: ResolutionReport) => {
    const stay = report.items.filter((it) => it.outcome === 'stays')
    setRefusals(new Map(stay.map((it) => [it.conflict_id, it.detail ?? 'It stays open.'])))
    void client.invalidateQueries({ queryKey: ['conflicts', 'of-project', project.id] })
    const said = [
      report.resolved > 0 && `Resolved ${count(report.resolved, 'conflict')}.`,
      stay.length > 0 && `${count(stay.length, 'conflict')} stayed, with the reason beside it.`,
    ]
    announce(said.filter(Boolean).join(' ') || 'Resolved already.')
    const asked = stay.filter((it) => it.rule === closedSprint).map((it) => it.conflict_id)
    setClosed(
      mayOverride && asked.length > 0 && !decision.override_reason
        ? { ids: asked, side: decision.side }
        : null,
    )
  }
  const send = (decision: Decision) =>
    request<ResolutionReport>('POST', '/conflicts/actions/resolve', {
      body: { project_id: project.id, ...decision },
    })
  const { mutate, isPending } = useMutation({
    mutationFn: send,
    onSuccess: (report, decision) => settle(decision, report),
    onError: (error) =>
      toast({ tone: 'bad', title: 'Nothing was resolved', detail: error.message }),
  })
  return { resolve: mutate, send, settle, busy: isPending, refusals, closed, setClosed }
}
