import { codeSpans } from './code-spans.ts'
import { markFromSymbol } from './status-marks.ts'

const PUNCTUATION = /[!-/:-@[-`{-~]/u
/** Would go on with the id before it as a range or list. */
const GOES_ON = /^(?:through|thru|to|bis|até|至|到|から)\s/iu
const SEPARATORS = '–—‒−〜～：、，…'

function reference(char: string): string {
  return `&#x${(char.codePointAt(0) ?? 0).toString(16)};`
}

/** What must stand for the character at `at` so that the parser gives it back; the character itself mostly. */
function writeAt(text: string, at: number, char: string): string {
  const next = text[at + 1] ?? ''
  const before = text[at - 1] ?? ''
  if (char === '\\') return /[\p{L}\p{N} ]/u.test(next) ? char : '\\\\'
  if (char === '*' || char === '~') return next === char || before === char ? `\\${char}` : char
  if (char === '(') return /^\(depends on /iu.test(text.slice(at, at + 12)) ? '\\(' : char
  if (char === '[') return /^\[(?:@|\d)/u.test(text.slice(at, at + 2)) ? '\\[' : char
  if (char === '&') return next === '#' ? '\\&' : char
  if (char === '!') return before === '<' ? '\\!' : char
  return char
}

/**
 * One line of Markdown that reads back as `text`: escapes only what the parser would take for an
 * id, a tag, decoration or a status. Inline code stays as it is.
 */
export function writeInline(text: string): string {
  const line = text
    .replace(/^[\s\u200b\ufeff]+/u, '')
    .replace(/\s+/gu, ' ')
    .trim()
  const spans = codeSpans(line)
  let span = 0
  let out = ''
  let at = 0
  const lastStart = line.length - ([...line.slice(-3)].at(-1)?.length ?? 0)
  for (const char of line) {
    while ((spans[span]?.[1] ?? Number.POSITIVE_INFINITY) <= at) span++
    const inCode = at >= (spans[span]?.[0] ?? Number.POSITIVE_INFINITY)
    if (inCode) out += char
    else if (at === 0 && PUNCTUATION.test(char) && char !== '`') out += `\\${char}`
    else if (at === 0 && (SEPARATORS.includes(char) || markFromSymbol(char) !== null)) {
      out += reference(char)
    } else if (at === 0 && GOES_ON.test(line.slice(0, 12))) out += reference(char)
    else if (
      at >= lastStart - 1 &&
      (markFromSymbol(char) !== null || (char === '\ufe0f' && at >= lastStart))
    ) {
      out += reference(char)
    } else out += writeAt(line, at, char)
    at += char.length
  }
  return out
}
