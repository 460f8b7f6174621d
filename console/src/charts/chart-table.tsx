import { type ReactNode, useState } from 'react'

export interface TableProps {
  caption: string
  columns: readonly string[]
  /** Cells of a row in the order of the columns; the first one names the row. */
  rows: readonly { key: string | number; cells: readonly ReactNode[] }[]
}

/** What scrolls must be reachable by keys. */
const reachable = (element: HTMLElement | null) => element?.setAttribute('tabindex', '0')

/** The chart's values in rows, made when somebody wants to see them. */
export function ChartTable({ caption, columns, rows }: TableProps) {
  const [open, setOpen] = useState(false)
  return (
    <details className="chart-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Show as table<span className="hidden">: {caption}</span>
      </summary>
      {open && (
        <section className="chart-rows" ref={reachable} aria-label={caption}>
          <table className="numbers">
            <caption className="hidden">{caption}</caption>
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells: [first, ...others] }) => (
                <tr key={key}>
                  <th scope="row">{first}</th>
                  {others.map((cell, index) => (
                    <td key={columns[index + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  )
}
