import type { BoardStatus, ProtocolStatus, SprintStatus, StepStatus } from '../api/types.ts'
import './status-mark.css'

export type AnyStatus = BoardStatus | StepStatus | ProtocolStatus | SprintStatus

type Shape =
  | 'dashed'
  | 'ring'
  | 'half'
  | 'eye'
  | 'flask'
  | 'bar'
  | 'check'
  | 'cross'
  | 'clock'
  | 'skip'
  | 'pause'

const shapes: Record<AnyStatus, Shape> = {
  backlog: 'dashed',
  todo: 'ring',
  pending: 'ring',
  planning: 'dashed',
  planned: 'ring',
  active: 'half',
  in_progress: 'half',
  running: 'half',
  review: 'eye',
  needs_qa: 'eye',
  testing: 'flask',
  blocked: 'bar',
  failed: 'cross',
  timeout: 'clock',
  paused: 'pause',
  done: 'check',
  completed: 'check',
  skipped: 'skip',
  cancelled: 'cross',
  archived: 'dashed',
}

const inside: Record<Shape, string> = {
  dashed: '',
  ring: '',
  half: 'M8 3.6a4.4 4.4 0 0 1 0 8.8Z',
  eye: 'M8 5.6a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 0 1 0-4.8',
  flask: 'M8 8V3.6A4.4 4.4 0 1 1 3.6 8Z',
  bar: 'M4.6 7h6.8v2H4.6Z',
  check: '',
  cross: '',
  clock: '',
  skip: '',
  pause: 'M5.8 5.2h1.5v5.6H5.8zM8.7 5.2h1.5v5.6H8.7z',
}

const lines: Partial<Record<Shape, string>> = {
  check: 'M4.9 8.2 7.1 10.4 11.1 5.9',
  cross: 'M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6',
  clock: 'M8 4.8V8l2.2 1.6',
  skip: 'M5.2 5.4 7.8 8 5.2 10.6M8.6 5.4 11.2 8 8.6 10.6',
}

/** A status as a shape, so that colour is never alone; the words stand beside it. */
export function StatusMark({ status }: { status: AnyStatus }) {
  const shape = shapes[status]
  const line = lines[shape]
  return (
    <svg
      className={`status-mark status-${status} shape-${shape}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <circle cx="8" cy="8" r="6.2" />
      {inside[shape] && <path className="fill" d={inside[shape]} />}
      {line && <path className="line" d={line} />}
    </svg>
  )
}
