/**
 * Reads JSON from bytes as they were sent.
 * @throws SyntaxError for what is not JSON, TypeError for what is not UTF-8: nothing is guessed at
 */
export const jsonInUtf8 = (bytes: ArrayBuffer): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
