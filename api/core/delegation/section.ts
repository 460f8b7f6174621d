import { oneLine } from '../one-line.ts'

/** A heading and what somebody wrote below it; nothing where nothing was written. */
export const section = (heading: string, text: string): string[] =>
  text.trim() === '' ? [] : [`## ${heading}`, '', withoutHeadings(text), '']

/** What somebody wrote below a heading of a template; null where nothing was written. */
export const written = (text: string): string | null =>
  text.trim() === '' ? null : withoutHeadings(text)

/** A list below a heading; nothing where it is empty. */
export const listSection = (heading: string, items: readonly string[]): string[] =>
  section(heading, items.map((item) => `- ${oneLine(item)}`).join('\n'))

/**
 * Text that stays within its section: what would be a heading outside of a code block is kept as
 * words. A code block that is not closed is.
 */
function withoutHeadings(text: string): string {
  let fence: string | null = null
  const lines = text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})([\s\S]*)$/.exec(line)
      if (fence !== null) {
        if (mark?.[1]?.startsWith(fence) && mark[2]?.trim() === '') fence = null
        return line
      }
      // Backticks after the opening ones make it code within a line.
      if (mark?.[1] && !(mark[1].startsWith('`') && mark[2]?.includes('`'))) {
        fence = mark[1]
        return line
      }
      return line.replace(/^( {0,3})(#{1,6}(?:[ \t]|$)|=+[ \t]*$|-+[ \t]*$)/, '$1\\$2')
    })
  return [...lines, ...(fence === null ? [] : [fence])].join('\n')
}
