import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Forecast } from '../api/types.ts'
import { count } from '../format/words.ts'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { Chart } from './chart.tsx'
import { ForecastForm } from './forecast-form.tsx'
import { Legend } from './legend.tsx'
import { bar } from './pen.ts'
import { Plot } from './plot.tsx'
import type { Look } from './plot-props.ts'
import { type ForecastQuestion, forecastQuery, pathOf, type Subject } from './queries.ts'
import { forecastSentence, howManySentence, isTooEarly } from './sentences/forecast.ts'
import { dates, longDate, spanOf } from './time-axis.ts'
import { useCursor } from './use-cursor.ts'

/** When what is left will be done, and how many by a date; asked anew by a form. */
export function ForecastChart({ of }: { of: Subject }) {
  const client = useQueryClient()
  const [question, setQuestion] = useState<ForecastQuestion>({})
  const { data: forecast, error, refetch } = useQuery(forecastQuery(of, question))
  if (!forecast) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />
  const sentence = forecastSentence(forecast)
  const many = howManySentence(forecast)
  return (
    <Chart
      wide
      title="Forecast"
      sentence={sentence}
      csv={{
        path: `${pathOf(of)}/forecast`,
        query: { ...question },
        file: 'forecast.csv',
      }}
      table={{
        caption: 'The forecast by confidence',
        columns: ['Question', '50 %', '85 %', '95 %'],
        rows: [
          ...(forecast.when
            ? [{ key: 'when', cells: ['All done by', ...threeOf(forecast.when, orLater)] }]
            : []),
          ...(forecast.how_many
            ? [
                {
                  key: 'many',
                  cells: [
                    `At least, by ${forecast.how_many.by}`,
                    ...threeOf(forecast.how_many, String),
                  ],
                },
              ]
            : []),
        ],
      }}
    >
      {forecast.when && forecast.remaining.max > 0 && !isTooEarly(forecast) && (
        <>
          <dl className="forecast-dates numbers">
            {(['p50', 'p85', 'p95'] as const).map((percentile) => (
              <div key={percentile}>
                <dt>{percentile.slice(1)} % sure</dt>
                <dd>{orLater(forecast.when?.[percentile] ?? null)}</dd>
              </div>
            ))}
          </dl>
          {many && <p>{many}</p>}
        </>
      )}
      {forecast.history.samples.length > 0 && <Samples forecast={forecast} sentence={sentence} />}
      <div className="forecast-halves">
        <ForecastForm
          ask={(asked) => client.fetchQuery({ ...forecastQuery(of, asked), staleTime: 0 })}
          onAsked={setQuestion}
        />
        <Evidence forecast={forecast} />
      </div>
    </Chart>
  )
}

const orLater = (date: string | null) =>
  date === null ? 'later than two years' : longDate(Date.parse(date))

const threeOf = <T,>({ p50, p85, p95 }: { p50: T; p85: T; p95: T }, told: (value: T) => string) =>
  [p50, p85, p95].map(told)

const looks: readonly Look[] = [{ colour: 'done', paths: () => null }]
const dayMs = 86_400_000

/** What was finished on each day of the history: what the forecast draws its days from. */
function Samples({ forecast, sentence }: { forecast: Forecast; sentence: string }) {
  const { samples, from } = forecast.history
  const data = useMemo(() => {
    const first = Date.parse(from ?? '')
    return [samples.map((_, day) => first + (day + 0.5) * dayMs), samples] as [number[], number[]]
  }, [samples, from])
  const [x] = data
  const { cursor, onCursor } = useCursor(x)
  const told = (index: number) =>
    `${longDate(x[index] ?? 0)}: ${count(samples[index] ?? 0, 'task')} finished`
  return (
    <>
      <Legend at={told(cursor ?? samples.length - 1)} entries={[]} />
      <Plot
        title="Forecast, its history"
        sentence={`Tasks finished per day of the history. ${sentence}`}
        data={data}
        looks={looks}
        x={{
          span: spanOf((x[0] ?? 0) - dayMs / 2, (x.at(-1) ?? 0) + dayMs / 2),
          timeZone: 'UTC',
          tick: dates.tick,
        }}
        y={{ unit: 'tasks finished per day' }}
        stops={{ x, marks: () => [], text: told }}
        cursor={cursor}
        onCursor={onCursor}
        over={(pen) => {
          for (const [index, value] of samples.entries()) {
            const middle = x[index] ?? 0
            if (value > 0) {
              bar(pen, {
                from: middle - dayMs * 0.4,
                to: middle + dayMs * 0.4,
                value,
                colour: 'done',
              })
            }
          }
        }}
      />
    </>
  )
}

function Evidence({ forecast }: { forecast: Forecast }) {
  const { history, runs, seed, assumptions, reason, confidence } = forecast
  return (
    <div className="forecast-evidence">
      {reason && confidence !== 'none' && <p className="notice">{reason}</p>}
      <p className="numbers">
        {confidence === 'none' ? 'No run was made' : `${count(runs, 'run')} with seed ${seed}`},{' '}
        {count(history.samples.length, 'day')} of history
        {history.from && ` (${history.from} to ${history.to})`}.
      </p>
      <ul>
        {assumptions.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}
