import type { FlowRunState, FlowStep } from '../api/types.ts'
import type { AnyStatus } from '../ui/status-mark.tsx'
import { StatusWord } from '../ui/status-word.tsx'

const shapes: Record<FlowRunState | FlowStep['state'], AnyStatus> = {
  pending: 'pending',
  queued: 'pending',
  running: 'running',
  waiting: 'needs_qa',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
}

export function FlowState({ state }: { state: FlowRunState | FlowStep['state'] }) {
  const word = state === 'waiting' ? 'waits for approval' : state
  return <StatusWord status={shapes[state]} word={word} />
}
