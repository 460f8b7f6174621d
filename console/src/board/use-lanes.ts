import { useEffect, useMemo, useState } from 'react'
import type { ProtocolRun, Task } from '../api/types.ts'
import type { ColumnStatus } from './columns.ts'
import { keepUnchangedLanes, type Lane, type LaneKind, lanesOf } from './lanes.ts'

interface Drawn {
  lanes: readonly Lane[]
  /** Where each card is, to tell which have come or moved. */
  places: ReadonlyMap<number, string>
  fresh: ReadonlySet<number>
}

const none: ReadonlySet<number> = new Set()
/** As long as a card that came in shows that it did, in ms. */
const freshFor = 1600

/** The lanes of these cards; those that stay as they were are the same objects as before. */
export function useLanes(
  tasks: readonly Task[],
  kind: LaneKind,
  runs: readonly ProtocolRun[],
  hidden: ReadonlySet<ColumnStatus>,
): { lanes: readonly Lane[]; fresh: ReadonlySet<number> } {
  const now = useMemo(() => lanesOf(tasks, kind, runs, hidden), [tasks, kind, runs, hidden])
  const [drawn, setDrawn] = useState<Drawn>(() => ({
    lanes: now,
    places: placesOf(tasks),
    fresh: none,
  }))
  const [seen, setSeen] = useState({ now, tasks })
  let current = drawn
  if (seen.now !== now) {
    const places = seen.tasks === tasks ? drawn.places : placesOf(tasks)
    const come = places === drawn.places ? [] : cameIn(drawn.places, places)
    current = {
      lanes: keepUnchangedLanes(drawn.lanes, now),
      places,
      fresh: come.length > 0 ? new Set([...drawn.fresh, ...come]) : drawn.fresh,
    }
    setDrawn(current)
    setSeen({ now, tasks })
  }
  const { fresh } = current
  useEffect(() => {
    if (fresh.size === 0) return
    const timer = setTimeout(() => setDrawn((it) => ({ ...it, fresh: none })), freshFor)
    return () => clearTimeout(timer)
  }, [fresh])
  return current
}

const placesOf = (tasks: readonly Task[]) =>
  new Map(tasks.map(({ id, board_status }) => [id, board_status]))

function cameIn(before: ReadonlyMap<number, string>, now: ReadonlyMap<number, string>): number[] {
  return [...now].flatMap(([id, status]) => (before.get(id) === status ? [] : id))
}
