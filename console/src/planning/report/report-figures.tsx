import type { SprintReport } from '../../api/types.ts'
import { figuresOf } from './figures.ts'
import './report.css'

/** The figures of a report, each with a sentence that says what it means here. */
export function ReportFigures({ report }: { report: SprintReport }) {
  return (
    <dl className="report-figures">
      {figuresOf(report).map(({ name, value, sentence }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="numbers">{value}</dd>
          <dd className="report-sentence">{sentence}</dd>
        </div>
      ))}
    </dl>
  )
}
