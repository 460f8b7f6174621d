/** Only a heading of the second level ends a section: text that holds one is marked. */
const heading = /^\\*##(?=\s|$)/

/** A text as the body of a section, which it cannot leave. */
export function sectionText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  return trimBlank(lines)
    .map((line) => (heading.test(line) ? `\\${line}` : line))
    .join('\n')
}

/** The way back. */
export const textOfSection = (lines: readonly string[]): string =>
  trimBlank(lines)
    .map((line) => (line.startsWith('\\') && heading.test(line) ? line.slice(1) : line))
    .join('\n')

/** An item of a list: further lines stand below its first one, indented. */
export function listItem(text: string): string {
  const [first = '', ...rest] = text.replace(/\r\n?/g, '\n').trim().split('\n')
  return [
    first.trim(),
    ...rest.map((line) => (line.trim() === '' ? '' : `  ${line.trimEnd()}`)),
  ].join('\n')
}

const marker = /^ ?(?:[-*+]|\d{1,9}[.)])(?:\s+|$)/
export const beginsItem = (line: string) => marker.test(line)

/** The items of lines that begin with one. What stands between items belongs to the one before. */
export function itemsOf(lines: readonly string[]): string[] {
  const items: string[][] = []
  for (const line of lines) {
    if (beginsItem(line)) items.push([line.replace(marker, '')])
    else items.at(-1)?.push(line.startsWith('  ') ? line.slice(2) : line)
  }
  return items
    .map((item) =>
      item
        .map((line) => line.trimEnd())
        .join('\n')
        .trim(),
    )
    .filter((it) => it !== '')
}

export function trimBlank(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line.trim() !== '')
  if (from === -1) return []
  const to = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(from, to + 1)
}
