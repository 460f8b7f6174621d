/** One JSON document, for programs, or what people would rather read. */
export function print(json: boolean | undefined, value: unknown, text: () => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : printable(text()))
}

/** What others have written must not move a terminal's cursor, nor colour what comes after. */
export const printable = (text: string): string => text.split('\n').map(printableLine).join('\n')

export const printableLine = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) => (char === '\t' ? '  ' : ''))

/** Rows under headings, in columns as wide as they need to be. */
export function table(headings: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => String(cell ?? '–')))]
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  )
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
