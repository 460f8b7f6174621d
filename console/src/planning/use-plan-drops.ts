import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { autoScrollWindowForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { useEffect, useEffectEvent } from 'react'
import type { Task } from '../api/types.ts'
import type { PlanActions } from './use-plan-actions.ts'

/** Carries out what was dropped: beside a card, or at the end of a list. */
export function usePlanDrops(actions: PlanActions | undefined): void {
  const dropped = useEffectEvent(
    (tasks: readonly Task[], data: Record<string | symbol, unknown>) => {
      const sprintId = (data.sprintId ?? null) as number | null
      const beside = data.task as number | undefined
      if (beside === undefined) actions?.place(tasks, { sprintId })
      else if (tasks.some(({ id }) => id === beside)) return
      else if (extractClosestEdge(data) === 'top') {
        actions?.place(tasks, { sprintId, before: beside })
      } else actions?.place(tasks, { sprintId, after: beside })
    },
  )
  useEffect(() => autoScrollWindowForElements(), [])
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.kind === 'plan',
        onDrop: ({ source, location }) => {
          const [target] = location.current.dropTargets
          if (target) dropped(source.data.tasks as readonly Task[], target.data)
        },
      }),
    [],
  )
}
