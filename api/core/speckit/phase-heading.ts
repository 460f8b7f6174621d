import { cleanTitle } from './clean-title.ts'
import type { TaskPhase } from './types.ts'

export interface Heading {
  /** 1 to 6. */
  level: number
  /** Offset of the text in the line. */
  textStart: number
}

const HEADING = /^[ \t]{0,3}(#{1,6})[ \t\u00a0]+(?=\S)/u

export function readHeading(text: string): Heading | null {
  const match = HEADING.exec(text)
  return match?.[1] === undefined ? null : { level: match[1].length, textStart: match[0].length }
}

const WORD =
  'phase|fase|faza|etapa?|étape|etappe|aşama|tahap|giai đoạn|фаза|этап|етап|阶段|階段|フェーズ|フェイズ|段階|단계|페이즈|المرحلة|مرحلة'
const NUMBER = '\\d{1,3}(?:\\.\\d{1,3}){0,2}[A-Za-z]?(?![\\w])\\+?|[NX](?![\\w])\\+?'
/** "Phase 3", "阶段 3", "フェーズ3". */
const WORD_FIRST = new RegExp(`^(?:${WORD})[ \\u00a0]{0,3}(${NUMBER})`, 'iu')
/** "第3阶段", "3단계", "1. Phase". */
const NUMBER_FIRST = new RegExp(
  `^第?[ \\u00a0]?(\\d{1,3}(?:\\.\\d{1,3}){0,2})[ \\u00a0]?[-.]?[ \\u00a0]?(?:${WORD})(?![a-z])`,
  'iu',
)
/** "Final Phase: Polish". */
const UNNUMBERED = new RegExp(`^(?:final|last|最终|最終) ?(?:${WORD})(?![a-z])`, 'iu')
const LEADING_NUMBER = /^(\d{1,3}(?:\.\d{1,3}){0,2})[.)]?[ \u00a0]+(?=\S)/u
const CHINESE_DIGITS = '〇一二三四五六七八九'

/** ASCII digits for full-width ones, and for Chinese numerals up to 99 beside a phase word. */
function plainDigits(text: string): string {
  return text
    .replace(/[０-９．]/gu, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[٠-٩]/gu, (char) => String(char.charCodeAt(0) - 0x660))
    .replace(
      /(第)([一二三四五六七八九十]{1,3})(?=阶段|階段|段階)/u,
      (_, prefix: string, numeral: string) => prefix + chineseNumber(numeral),
    )
    .replace(
      /((?:阶段|階段)[ \u00a0]?)([一二三四五六七八九十]{1,3})/u,
      (_, prefix: string, numeral: string) => prefix + chineseNumber(numeral),
    )
}

function chineseNumber(numeral: string): string {
  const [tens, ones] = numeral.includes('十') ? numeral.split('十') : ['', numeral]
  const ten = numeral.includes('十') ? Math.max(1, CHINESE_DIGITS.indexOf(tens || '一')) * 10 : 0
  return String(ten + Math.max(0, CHINESE_DIGITS.indexOf(ones || '〇')))
}

export interface HeadingPhase extends TaskPhase {
  /** The heading names a phase; otherwise it is only a section that may stand in for one. */
  named: boolean
}

/** Reads a heading's text as a phase, in any of the languages above. */
export function readPhase(headingText: string): HeadingPhase {
  const cleaned = cleanTitle(headingText.slice(0, 400)).title.replace(/[ \t]#+$/u, '')
  const text = plainDigits(cleaned.replace(/^[^\p{L}\p{N}]+/u, ''))
  const match = WORD_FIRST.exec(text) ?? NUMBER_FIRST.exec(text)
  const unnumbered = match === null ? UNNUMBERED.exec(text) : null
  const leading = match === null && unnumbered === null ? LEADING_NUMBER.exec(text) : null
  const end = (match ?? unnumbered ?? leading)?.[0].length ?? 0
  const rest = text.slice(end).replace(/^[\s:：.、/—–-]+/u, '')
  const title = rest.replace(/\s*✅[^✅]{0,20}$/u, '').trim()
  return {
    number: (match ?? leading)?.[1]?.replace('+', '').toUpperCase() ?? null,
    title: title === '' ? text.trim() : title,
    named: match !== null || unnumbered !== null,
  }
}
