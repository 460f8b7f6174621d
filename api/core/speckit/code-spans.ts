/** Ranges [start, end) of inline code in one line, backticks included. Unmatched backticks are text. */
export function codeSpans(text: string): [number, number][] {
  if (!text.includes('`')) return []
  const runs: { at: number; length: number; next: number }[] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '`') continue
    let end = i
    while (text[end] === '`') end++
    runs.push({ at: i, length: end - i, next: -1 })
    i = end
  }
  // The nearest later run of the same length closes a span; found in one pass from the end.
  const seen = new Map<number, number>()
  for (let i = runs.length - 1; i >= 0; i--) {
    const run = runs[i]
    if (run === undefined) continue
    run.next = seen.get(run.length) ?? -1
    seen.set(run.length, i)
  }
  const spans: [number, number][] = []
  for (let i = 0; i < runs.length; i++) {
    const open = runs[i]
    const close = open === undefined ? undefined : runs[open.next]
    if (open === undefined || close === undefined) continue
    spans.push([open.at, close.at + close.length])
    i = open.next
  }
  return spans
}

/** The line with its inline code replaced by blanks, so that every offset stays where it was. */
export function blankCode(text: string): string {
  const spans = codeSpans(text)
  if (spans.length === 0) return text
  let out = ''
  let at = 0
  for (const [start, end] of spans) {
    out += text.slice(at, start) + ' '.repeat(end - start)
    at = end
  }
  return out + text.slice(at)
}
