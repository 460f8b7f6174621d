import type { ContextDocument } from './entities/agent-context.ts'
import { cutToTokens, tokensOf } from './token-count.ts'

/**
 * How many tokens of each document fit a budget, the most relevant first: whole as long as they do,
 * then one that is cut, then none.
 */
export function shareBudget(tokens: readonly number[], budget: number): number[] {
  let left = budget
  return tokens.map((wanted) => {
    const given = Math.min(wanted, left)
    left -= given
    return given
  })
}

/** A document as an agent is given it, with so many tokens of its text. */
export function cutDocument(
  { id, path, tokens }: { id: number; path: string; tokens: number },
  text: string,
  given: number,
): ContextDocument {
  const read = (offset: number) => `GET /documents/${id}?offset=${offset}`
  if (given === 0 && tokens > 0) {
    return { id, path, tokens, text: null, state: 'left_out', how_to_read: read(0) }
  }
  const part = cutToTokens(text, given)
  if (given >= tokens) return { id, path, tokens, text, state: 'whole', how_to_read: null }
  return { id, path, tokens, text: part, state: 'cut', how_to_read: read(part.length) }
}

/** Of all texts that were given. */
export const tokensGiven = (documents: readonly ContextDocument[]): number =>
  documents.reduce((sum, { text }) => sum + (text === null ? 0 : tokensOf(text)), 0)
