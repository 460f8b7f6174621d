/**
 * Tokens of a text, estimated from above: a third of its bytes in UTF-8, rounded up. Tokenizers of
 * language models take about four bytes of English for one, and of no language fewer than three on
 * the whole.
 */
export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3)

/** The longest beginning of a text that has at most so many tokens, and ends with a character. */
export function cutToTokens(text: string, tokens: number): string {
  if (tokensOf(text) <= tokens) return text
  const bytes = Buffer.from(text)
  let end = Math.max(0, tokens) * 3
  // Not within a character: its further bytes begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
