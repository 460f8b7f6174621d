import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { protocolsQuery, sprintTasksQuery, stepsQuery } from '../api/queries.ts'
import type { ProtocolRun, StepRun, Task } from '../api/types.ts'
import { useOverlay } from '../edits/use-edits.ts'

interface BoardData {
  /** The cards with the edits on their way; undefined until first read. */
  tasks: readonly Task[] | undefined
  /** Steps by their id, for the cards that are linked to one. */
  steps: ReadonlyMap<number, StepRun>
  /** The runs this sprint was made from or that work on it. */
  runs: readonly ProtocolRun[]
  error: Error | null
  refetch: () => unknown
}

const none: readonly Task[] = []

export function useBoard(projectId: number, sprintId: number): BoardData {
  const { data, error, refetch } = useQuery(sprintTasksQuery(sprintId))
  const holds = useCallback(
    (task: Task) => task.sprint_id === sprintId && task.board_status !== 'archived',
    [sprintId],
  )
  const tasks = useOverlay(data, holds)
  const runs = useRunsOf(projectId, sprintId)
  const steps = useStepsOf(data ?? none)
  return { tasks, steps, runs, error, refetch }
}

function useRunsOf(projectId: number, sprintId: number): readonly ProtocolRun[] {
  const { data } = useQuery(protocolsQuery(projectId))
  return useMemo(
    () =>
      data?.filter((run) => run.linked_sprint_id === sprintId || run.sprint_id === sprintId) ?? [],
    [data, sprintId],
  )
}

const byId = (answers: { data?: StepRun[] | undefined }[]): ReadonlyMap<number, StepRun> =>
  new Map(answers.flatMap(({ data }) => data ?? []).map((step) => [step.id, step]))

function useStepsOf(tasks: readonly Task[]): ReadonlyMap<number, StepRun> {
  const queries = useMemo(() => {
    const runIds = new Set(
      tasks.flatMap((task) => (task.step_run_id !== null ? (task.protocol_run_id ?? []) : [])),
    )
    return [...runIds].sort((a, b) => a - b).map((id) => stepsQuery(id))
  }, [tasks])
  return useQueries({ queries, combine: byId })
}
