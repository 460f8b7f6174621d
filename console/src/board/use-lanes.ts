import { useMemo, useState } from 'react'
import type { ProtocolRun, Task } from '../api/types.ts'
import type { ColumnStatus } from '../scrum/columns.ts'
import { keepUnchangedLanes, type Lane, type LaneKind, lanesOf } from './lanes.ts'

/** The lanes of these cards; those that stay as they were are the same objects as before. */
export function useLanes(
  tasks: readonly Task[],
  kind: LaneKind,
  runs: readonly ProtocolRun[],
  hidden: ReadonlySet<ColumnStatus>,
): readonly Lane[] {
  const [kept] = useState(() => ({ lanes: [] as readonly Lane[] }))
  return useMemo(() => {
    kept.lanes = keepUnchangedLanes(kept.lanes, lanesOf(tasks, kind, runs, hidden))
    return kept.lanes
  }, [kept, tasks, kind, runs, hidden])
}
