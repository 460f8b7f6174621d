import type { ReactNode } from 'react'
import type { Task } from '../../api/types.ts'
import type { Spot } from './spot.ts'
import type { Moves } from './use-moves.ts'

export type Question = 'move' | 'reason' | 'assignee' | 'sprint' | 'priority' | 'points' | 'labels'

export interface Asked {
  question: Question
  tasks: readonly Task[]
  /** It opens beside this. */
  anchor: HTMLElement
  /** Where they were dropped; only a reason is missing. */
  spot?: Spot
}

/** What panels are about, and what they can do. */
export interface PanelProps {
  tasks: readonly Task[]
  all: readonly Task[]
  moves: Moves
  heading: ReactNode
  onDone: () => void
  onLeave: () => void
}
