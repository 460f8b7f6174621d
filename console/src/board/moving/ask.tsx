import { useState } from 'react'
import type { Task } from '../../api/types.ts'
import { cardsOf } from '../../edits/words.ts'
import { count } from '../../format/words.ts'
import { LabelsPanel } from '../../panels/labels-panel.tsx'
import { columnNames, columnOrder } from '../../scrum/columns.ts'
import { MenuItem, MenuList } from '../../ui/menu.tsx'
import { Popover } from '../../ui/popover.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { AssigneePanel } from './assignee-panel.tsx'
import { PriorityPanel } from './priority-panel.tsx'
import type { Asked, PanelProps, Question } from './questions.ts'
import { SprintPanel } from './sprint-panel.tsx'
import { PointsPanel, ReasonPanel } from './text-panels.tsx'
import type { Moves } from './use-moves.ts'
import '../../panels/panels.css'

interface AskProps {
  asked: Asked
  moves: Moves
  /** All cards of the board, for suggestions. */
  all: readonly Task[]
  /** Called when it was answered; `onClose` also where it was not. */
  onDone: () => void
  onClose: () => void
}

/** Asks what is to become of one card, or of several. */
export function Ask({ asked, moves, all, onDone, onClose }: AskProps) {
  const [question, ask] = useState(asked.question)
  const { tasks, spot } = asked
  const done = () => {
    onDone()
    onClose()
  }
  const panel = { tasks, all, moves, onDone: done, onLeave: onClose }
  const cards = <Cards tasks={tasks} />
  return (
    <Popover anchor={asked.anchor} onClose={onClose}>
      {question === 'move' && <MovePanel {...panel} heading={<>Move {cards} to</>} ask={ask} />}
      {question === 'reason' && <ReasonPanel {...panel} heading={cards} spot={spot} />}
      {question === 'assignee' && <AssigneePanel {...panel} heading={<>Assign {cards} to</>} />}
      {question === 'sprint' && <SprintPanel {...panel} heading={<>Plan {cards} in</>} />}
      {question === 'priority' && <PriorityPanel {...panel} heading={<>Priority of {cards}</>} />}
      {question === 'points' && <PointsPanel {...panel} heading={cards} />}
      {question === 'labels' && (
        <LabelsPanel {...panel} change={panel.moves.change} heading={cards} />
      )}
    </Popover>
  )
}

function Cards({ tasks }: { tasks: readonly Task[] }) {
  if (tasks.length !== 1) return count(tasks.length, 'card')
  return <span className="id">{cardsOf(tasks)}</span>
}

/** Where cards can go, and what else they can become. Blocking asks why. */
function MovePanel(props: PanelProps & { ask: (question: Question) => void }) {
  const { tasks, moves, heading, onDone, onLeave, ask } = props
  const pick = (does: () => void) => () => {
    onDone()
    does()
  }
  const columns = columnOrder.filter((it) => tasks.some(({ board_status }) => board_status !== it))
  return (
    <MenuList heading={heading} onLeave={onLeave}>
      {columns.map((status) => (
        <MenuItem
          key={status}
          onPick={
            status === 'blocked' ? () => ask('reason') : pick(() => moves.toColumn(tasks, status))
          }
        >
          <StatusMark status={status} />
          {columnNames[status]}
          {status === 'blocked' && '…'}
        </MenuItem>
      ))}
      <hr className="menu-line" />
      {moves.inOneCell(tasks) && (
        <>
          <MenuItem onPick={pick(() => moves.toEdge(tasks, 'top'))}>Top of the column</MenuItem>
          <MenuItem onPick={pick(() => moves.toEdge(tasks, 'bottom'))}>
            Bottom of the column
          </MenuItem>
        </>
      )}
      <MenuItem onPick={() => ask('sprint')}>Sprint or backlog…</MenuItem>
      <MenuItem onPick={() => ask('assignee')}>Assignee…</MenuItem>
      <MenuItem onPick={() => ask('priority')}>Priority…</MenuItem>
    </MenuList>
  )
}
