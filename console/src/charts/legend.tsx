import type { ReactNode } from 'react'

export interface Entry {
  /** How the series looks in the picture: a class of chart.css, or the picture itself. */
  look: string | { swatch: ReactNode }
  label: string
  value: ReactNode
}

/** What is drawn how, and the values under the cursor, else the newest ones. */
export function Legend({ at, entries }: { at: string; entries: readonly Entry[] }) {
  return (
    <div className="legend numbers">
      <p>{at}</p>
      <ul>
        {entries.map(({ look, label, value }) => (
          <li key={label}>
            {typeof look === 'string' ? (
              <span className={`swatch swatch-${look}`} aria-hidden="true" />
            ) : (
              look.swatch
            )}
            {label} <strong>{value}</strong>
          </li>
        ))}
      </ul>
    </div>
  )
}
