const marks = new Intl.Segmenter('en')

/** No longer than `most` UTF-16 units, and no sign cut in two: “a b c…” */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  // The last one may go on behind the end.
  const whole = [...marks.segment(text.slice(0, most))].at(-1)?.index
  return `${text.slice(0, whole || most)}…`
}
