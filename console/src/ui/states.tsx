import type { ReactNode } from 'react'
import { Problem, wayOut } from '../api/problem.ts'
import './states.css'

/** Nothing there yet: says why, and what to do next. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children}
    </div>
  )
}

/** Something went wrong: says what, and the way out. */
export function ErrorState({
  error,
  retry,
  children,
}: {
  error: unknown
  retry?: () => unknown
  children?: ReactNode
}) {
  const problem = error instanceof Problem ? error : null
  return (
    <div className="state state-bad" role="alert">
      <p className="state-title">{error instanceof Error ? error.message : String(error)}</p>
      <p>{wayOut(error)}</p>
      <p className="state-actions">
        {retry && (
          <button type="button" className="button button-main" onClick={retry}>
            Try again
          </button>
        )}
        {children}
      </p>
      {problem?.requestId && (
        <p className="state-fine">
          Request <code>{problem.requestId}</code>
        </p>
      )}
    </div>
  )
}

/** Lines that stand for what is loading; the words are for screen readers. */
export function Skeleton({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden">{label}…</span>
      {Array.from({ length: lines }, (_, line) => `line ${line}`).map((key) => (
        <span key={key} className="bone" />
      ))}
    </div>
  )
}
