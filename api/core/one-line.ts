/** A text where there is room for one line. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** A text of at most so many UTF-16 units, cut between characters. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
