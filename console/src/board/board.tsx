import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Project, ProtocolRun, StepRun, Task } from '../api/types.ts'
import { useLocation } from '../routing/location.ts'
import type { ColumnStatus } from '../scrum/columns.ts'
import type { SelectionStore } from '../scrum/selection.ts'
import { ActiveCardContext, createActiveCard } from './active-card.ts'
import { useArrivals } from './arrivals.ts'
import { BoardActionsContext } from './board-actions.ts'
import { useCardKeys } from './card-keys.ts'
import { Column } from './column.tsx'
import { ColumnHead } from './column-head.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { Lane } from './lane.tsx'
import type { Lane as LaneData, LaneKind } from './lanes.ts'
import { useMadeCard } from './made-card.ts'
import { Ask } from './moving/ask.tsx'
import { BulkBar } from './moving/bulk-bar.tsx'
import { useAsked } from './moving/use-asked.ts'
import { useDrag } from './moving/use-drag.ts'
import { useMoves } from './moving/use-moves.ts'
import { useLanes } from './use-lanes.ts'
import { hiddenColumnsOf, laneKindOf } from './view-query.ts'
import { createWindows, WindowsContext } from './windows.ts'

interface BoardProps {
  project: Project
  /** The cards to show. */
  tasks: readonly Task[]
  /** How many cards each column holds, those included that are filtered away. */
  wip: ReadonlyMap<string, number>
  steps: ReadonlyMap<number, StepRun>
  runs: readonly ProtocolRun[]
  canMove: boolean
  selection: SelectionStore
  /** Code of the card that the side peek shows. */
  peeked: string | null
  onOpen: (code: string) => void
  /** A card that was made just now. */
  made: Task | null
}

export function Board(props: BoardProps) {
  const { project, tasks, wip, steps, runs, canMove, selection, peeked, onOpen, made } = props
  const { query } = useLocation()
  const kind = laneKindOf(query)
  const hide = [...hiddenColumnsOf(query)].join(',')
  const hidden = useMemo(() => new Set(hide.split(',') as ColumnStatus[]), [hide])
  const lanes = useLanes(tasks, kind, runs, hidden)
  const { isFolded, fold } = useFolded(kind)
  const unfolded = useMemo(() => lanes.filter(({ key }) => !isFolded(key)), [lanes, isFolded])

  const board = useRef<HTMLElement>(null)
  const [active] = useState(createActiveCard)
  const [windows] = useState(createWindows)
  useLayoutEffect(() => {
    const order = unfolded.flatMap(({ columns }) => columns.flatMap((it) => it.tasks))
    const ids = order.map(({ id }) => id)
    active.arrange(ids)
    selection.arrange(ids)
  }, [active, selection, unfolded])
  useEffect(() => (board.current ? windows.watch(board.current) : undefined), [windows])
  useKeptFocus(board, active)
  useArrivals(board, tasks)
  useMadeCard(board, active, tasks, made)

  const line = useRef<HTMLDivElement>(null)
  const moves = useMoves({ tasks, lanes, kind })
  const { asked, askOf, askSelected, askReason, close } = useAsked(moves, selection, line)
  useDrag({ board, line, active, selection, moves, enabled: canMove, askReason })
  const press = useCardKeys({
    board,
    lanes: unfolded,
    active,
    selection,
    moving: canMove ? { moves, ask: askOf } : undefined,
  })
  const askMove = useCallback(
    (task: Task, anchor: HTMLElement) => askOf(task, 'move', anchor),
    [askOf],
  )
  const focusActive = () =>
    board.current?.querySelector<HTMLElement>(`[data-focus="open ${active.id}"]`)?.focus()
  const answered = () => {
    if (asked?.anchor === line.current) focusActive()
    else asked?.anchor.focus({ preventScroll: true })
  }
  const leave = () => {
    close()
    // Its card was drawn anew in another column meanwhile, and the browser knows the old one only.
    if (asked?.anchor.isConnected === false) focusActive()
  }

  const actions = useMemo(
    () => ({ open: onOpen, move: canMove ? askMove : undefined, steps, peeked }),
    [onOpen, canMove, askMove, steps, peeked],
  )
  const limits: Record<string, number | undefined> = project.settings.wip_limits ?? {}
  const heads = useHeads(lanes)
  const inLanes = kind !== 'none'
  return (
    <ActiveCardContext value={active}>
      <WindowsContext value={windows}>
        <BoardActionsContext value={actions}>
          <div className="board-frame">
            <section
              className={inLanes ? 'board board-lanes' : 'board'}
              aria-label="Board"
              ref={board}
              data-scroller={inLanes ? '' : undefined}
              onKeyDown={press}
            >
              <nav className="board-jumps" aria-label="Columns">
                {heads.map(({ status, name, cards }) => (
                  <a key={status} href={`#column-${status}`}>
                    {name} <span className="numbers">{cards}</span>
                  </a>
                ))}
              </nav>
              {inLanes && (
                <div className="lane-columns">
                  {heads.map((head) => (
                    <ColumnHead
                      key={head.status}
                      id={`column-${head.status}`}
                      {...head}
                      wip={wip.get(head.status) ?? 0}
                      limit={limits[head.status]}
                    />
                  ))}
                </div>
              )}
              {inLanes
                ? lanes.map((lane) => (
                    <Lane key={lane.key} lane={lane} folded={isFolded(lane.key)} onFold={fold} />
                  ))
                : lanes[0]?.columns.map((column) => (
                    <Column
                      key={column.status}
                      column={column}
                      wip={wip.get(column.status) ?? 0}
                      limit={limits[column.status]}
                    />
                  ))}
              {canMove && <div className="drop-line" ref={line} hidden />}
            </section>
            {canMove && <BulkBar ask={askSelected} onGone={focusActive} />}
            {asked && (
              <Ask asked={asked} moves={moves} all={tasks} onDone={answered} onClose={leave} />
            )}
          </div>
        </BoardActionsContext>
      </WindowsContext>
    </ActiveCardContext>
  )
}

/** The columns over all lanes. */
function useHeads(lanes: readonly LaneData[]) {
  return useMemo(() => {
    const columns = lanes[0]?.columns ?? []
    return columns.map(({ status, name }, index) => ({
      status,
      name,
      cards: lanes.reduce((sum, lane) => sum + (lane.columns[index]?.tasks.length ?? 0), 0),
      points: lanes.reduce((sum, lane) => sum + (lane.columns[index]?.points ?? 0), 0),
    }))
  }, [lanes])
}

/** Which lanes are folded away, per kind of lanes. */
function useFolded(kind: LaneKind) {
  const [all, setAll] = useState<ReadonlySet<string>>(new Set())
  const fold = useCallback(
    (key: string) =>
      setAll((before) => {
        const next = new Set(before)
        if (!next.delete(`${kind} ${key}`)) next.add(`${kind} ${key}`)
        return next
      }),
    [kind],
  )
  const isFolded = useCallback((key: string) => all.has(`${kind} ${key}`), [all, kind])
  return { isFolded, fold }
}
