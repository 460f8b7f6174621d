import { type RefObject, useCallback, useState } from 'react'
import type { Task } from '../../api/types.ts'
import type { SelectionStore } from '../../scrum/selection.ts'
import type { Asked, Question } from './questions.ts'
import type { Spot } from './spot.ts'
import type { Moves } from './use-moves.ts'

/** What is asked now about cards of the board, and how to ask. */
export function useAsked(
  moves: Moves,
  selection: SelectionStore,
  line: RefObject<HTMLElement | null>,
) {
  const [asked, setAsked] = useState<Asked | null>(null)
  /** About a card, or all that are selected where it is one of them. */
  const askOf = useCallback(
    (task: Task, question: Question, anchor: HTMLElement) => {
      const tasks = selection.ids.has(task.id) ? moves.find(selection.ids) : [task]
      setAsked({ question, tasks, anchor })
    },
    [moves, selection],
  )
  const askSelected = useCallback(
    (question: Question, anchor: HTMLElement) =>
      setAsked({ question, tasks: moves.find(selection.ids), anchor }),
    [moves, selection],
  )
  const askReason = (ids: ReadonlySet<number>, spot: Spot) => {
    if (line.current === null) return
    setAsked({ question: 'reason', tasks: moves.find(ids), anchor: line.current, spot })
  }
  const close = useCallback(() => {
    if (line.current) line.current.hidden = true
    setAsked(null)
  }, [line])
  return { asked, askOf, askSelected, askReason, close }
}
