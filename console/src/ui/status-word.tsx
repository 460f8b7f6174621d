import { spoken } from '../format/words.ts'
import { type AnyStatus, StatusMark } from './status-mark.tsx'

/** A status with its shape and its word. */
export function StatusWord({ status, word }: { status: AnyStatus; word?: string }) {
  return (
    <span className="status-word">
      <StatusMark status={status} />
      {word ?? spoken(status)}
    </span>
  )
}
