import { type ReactNode, useId } from 'react'
import { urlOf } from '../api/request.ts'
import { ChartTable, type TableProps } from './chart-table.tsx'
import './chart.css'

interface ChartProps {
  title: string
  /** What the chart shows now. */
  sentence: string
  table: TableProps
  /** Where the API gives the same as CSV, and what the file is called. */
  csv: { path: string; query?: Record<string, string | number>; file: string }
  /** Beside the heading: what the chart is asked for. */
  asked?: ReactNode
  wide?: boolean
  children: ReactNode
}

/** A heading, one sentence, the picture, and the same as a table and as a file. */
export function Chart({ title, sentence, table, csv, asked, wide, children }: ChartProps) {
  const id = useId()
  return (
    <section className={wide ? 'chart chart-wide' : 'chart'} aria-labelledby={id}>
      <header className="chart-head">
        <h2 id={id}>{title}</h2>
        {asked}
      </header>
      <p className="chart-sentence">{sentence}</p>
      {children}
      <footer className="chart-end">
        <ChartTable {...table} />
        <a
          className="chart-csv"
          href={urlOf(csv.path, { ...csv.query, format: 'csv' })}
          download={csv.file}
        >
          Download CSV<span className="hidden"> of {title}</span>
        </a>
      </footer>
    </section>
  )
}

/** Stands where a chart would, when there is nothing to draw: says what is missing, and what to do. */
export function NoChart({ title, wide, children }: { title: string } & NoChartProps) {
  const id = useId()
  return (
    <section className={wide ? 'chart chart-wide' : 'chart'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="chart-empty">{children}</div>
    </section>
  )
}
interface NoChartProps {
  wide?: boolean
  children: ReactNode
}
