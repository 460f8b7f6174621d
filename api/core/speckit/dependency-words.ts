/**
 * Words between two ids that order them. The text they are tried on is at most 100 characters, so
 * alternation costs a constant per pair.
 */
const WAITS =
  /\b(?:depend(?:s|ent|ing)?(?: up)?on|depend(?:s|ent|ing)? (?:up)?on|deps?:|depends?:|dependenc(?:y|ies):?|requires?|needs?|blocked by|waits? (?:for|on|until)|must wait for|after|once|follows?|rel(?:y|ies) on|builds? on|depende de|dépend de|après|após|depois de|después de|hängt ab von|nach)(?![\p{L}])|зависит от|после|依赖|依賴|依存/giu
const LEADS =
  /\b(?:before|blocks?|precedes?|prior to|(?:required|needed) (?:for|by|before)|unblocks|feeds|then|avant|antes de|bloqueia)(?![\p{L}])|перед/giu
const AFTERWARDS = /完了後|完成后|完成後|之后|之後|(?:이후|후에)/gu
const NOT =
  /\b(?:not|no|never|without|instead|independent|regardless|n't|nor|rather)\b|n't\b|不依|無依|无依/iu
const OFFICIAL = /\bdepends? on:?\s*$/iu
/** "(Type: docs; Dependencies: T001)". */
const INNER_FIELD = /[;(,]\s?(?:depends(?: on)?|dependenc(?:y|ies)|deps?|blocked by)\s?[:：]\s?$/iu
const FIELD =
  /^[\s>*+_`#\d.)-]{0,12}(?:depends(?: on)?|dependenc(?:y|ies)|deps?|blocked by|requires|prerequisites?|depende de|dependências?|dependencias?|dépendances?|abhängigkeiten|зависимости|зависит от|依赖(?:项|任务)?|依賴(?:項|任務)?|依存(?:先|関係|タスク)?|前置(?:任务|任務|依赖)?|의존성|선행)[\s*_`]{0,6}[:：][\s*_`]{0,6}$/iu
const ARROW = /^[\s\-─━═=│┬┤├┐┘└┌┴┼]{0,40}(?:>|►|▶|→|⇒|➜|➔|➡)[\s\-─━═=│┬┤├┐┘└┌┴┼]{0,40}$/u
const BACK_ARROW = /^\s{0,10}(?:←|⇐|<-{1,3}|◄─{0,10})\s{0,10}$/u
const COLUMN =
  /^(?:depend|deps?$|blocked by|requires|prereq|зависи|依赖|依賴|依存|前置|의존|선행|dépend|abhäng)/u

/** How the left ids of a pair stand to the right ones. */
export type Order = 'left_waits' | 'right_waits'

export interface OrderWord {
  order: Order
  confidence: number
}

/** Longest text between two ids that may still order them. */
export const BETWEEN_LIMIT = 100

function lastMatch(
  regex: RegExp,
  text: string,
): { index: number; end: number; word: string } | null {
  let last: { index: number; end: number; word: string } | null = null
  for (const match of text.matchAll(regex)) {
    last = { index: match.index, end: match.index + match[0].length, word: match[0].toLowerCase() }
  }
  return last
}

/** What the text between two ids says about their order; null when it says nothing. */
export function readOrder(between: string): OrderWord | null {
  if (between.length > BETWEEN_LIMIT) return null
  if (ARROW.test(between)) return { order: 'right_waits', confidence: 0.7 }
  if (BACK_ARROW.test(between)) return { order: 'left_waits', confidence: 0.6 }
  if (/[.;。；!?！？]\s|[;。；|]|\)/u.test(between) || NOT.test(between)) return null
  const afterwards = lastMatch(AFTERWARDS, between)
  if (afterwards !== null) return { order: 'right_waits', confidence: 0.6 }
  const waits = lastMatch(WAITS, between)
  const leads = lastMatch(LEADS, between)
  const last =
    waits !== null && (leads === null || waits.index > leads.index) ? waits : (leads ?? null)
  if (last === null) return null
  // "T009 after Phase 2, T010 …": the word belongs to something else.
  if (!/^[^,:—–]{0,30}$/u.test(between.slice(last.end).trim())) return null
  const order = last === waits ? 'left_waits' : 'right_waits'
  return { order, confidence: last.word.startsWith('depend') ? 0.8 : 0.6 }
}

export interface OwnWord extends OrderWord {
  kind: 'hard' | 'suggested'
}

/**
 * What the text before an id says when it stands in a task's own lines: "(depends on", or a field
 * "Dependencies:" that fills the line up to here, is an explicit edge; other words are suggestions.
 */
export function readOwnOrder(before: string, fromLineStart: boolean): OwnWord | null {
  const near = before.slice(-60)
  const sentence = near.slice(near.search(/[^.;。；!?！？|]*$/u))
  if (NOT.test(sentence.slice(-30))) return null
  if (OFFICIAL.test(near)) return { order: 'left_waits', confidence: 1, kind: 'hard' }
  if (INNER_FIELD.test(near) || (fromLineStart && FIELD.test(before))) {
    return { order: 'left_waits', confidence: 0.9, kind: 'hard' }
  }
  const waits = lastMatch(WAITS, sentence)
  const leads = lastMatch(LEADS, sentence)
  const last =
    waits !== null && (leads === null || waits.index > leads.index) ? waits : (leads ?? null)
  if (last === null || last.word === 'then') return null
  if (!/^[^,:—–()]{0,16}$/u.test(sentence.slice(last.end).trim())) return null
  return {
    order: last === waits ? 'left_waits' : 'right_waits',
    confidence: last.word.startsWith('depend') ? 0.8 : 0.5,
    kind: 'suggested',
  }
}

/** A table column that lists what a row waits for. */
export function isDependencyColumn(name: string): boolean {
  return COLUMN.test(name)
}
