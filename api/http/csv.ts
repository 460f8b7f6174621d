import { stringify } from 'csv-stringify/sync'
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import type { Table } from '../commands/command.ts'

/** Asked for by `?format=csv`, else by an `Accept` that prefers `text/csv`. */
export function wantsCsv(c: Context): boolean {
  c.header('Vary', 'Accept', { append: true })
  const [json, csv] = ['application/json', 'text/csv']
  const format = c.req.query('format')
  if (format !== undefined) return format === 'csv'
  return accepts(c, { header: 'Accept', supports: [json, csv], default: json }) === csv
}

/** RFC 4180, with a line of names. A text that a spreadsheet would run as a formula is quoted. */
export function csvOf<T>(c: Context, { columns, rows }: Table<T>, output: T): Response {
  const text = stringify([...rows(output)], {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  })
  return c.body(text, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
}
