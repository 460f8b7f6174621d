/**
 * Rows of a CSV text by RFC 4180, each by the names of its first line. Line ends may be any; a
 * quoted value may hold commas, quotes and line ends.
 * @throws Error naming the line where a row does not fit its heading, or a quote is left open
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [heading, ...rows] = lines(text.replace(/^\uFEFF/, ''))
  if (!heading) return []
  return rows.map(({ line, cells }) => {
    if (cells.length !== heading.cells.length) {
      throw new Error(
        `line ${line} has ${cells.length} values, the heading names ${heading.cells.length}`,
      )
    }
    return Object.fromEntries(heading.cells.map((name, place) => [name, cells[place] ?? '']))
  })
}

interface Line {
  line: number
  cells: string[]
}

/** A value, quoted or not, and what ends it. */
const value = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y

function lines(text: string): Line[] {
  const found: Line[] = []
  let line = 1
  let cells: string[] = []
  let begin = 1
  value.lastIndex = 0
  while (value.lastIndex < text.length || cells.length > 0) {
    const match = value.exec(text)
    if (!match) throw new Error(`line ${line} has a quote that is not closed, or not at an edge`)
    const [all, quoted, plain, end] = match
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    line += all.split(/\r\n|\r|\n/).length - 1
    if (end === ',') continue
    if (cells.length > 1 || cells[0] !== '') found.push({ line: begin, cells })
    cells = []
    begin = line
    if (value.lastIndex >= text.length) break
  }
  return found
}
