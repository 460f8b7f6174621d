/** How a file is written besides its text, to be kept when it is written again. */
export interface TextForm {
  bom: boolean
  crlf: boolean
}

/** The text with plain line ends, and the form it had. The end of line that is most common counts. */
export function plainText(raw: string): { text: string; form: TextForm } {
  const bom = raw.startsWith('\uFEFF')
  const body = bom ? raw.slice(1) : raw
  const all = body.split('\n').length - 1
  const crlf = all > 0 && 2 * (body.split('\r\n').length - 1) > all
  return { text: body.replace(/\r\n/g, '\n'), form: { bom, crlf } }
}

export const inForm = (text: string, { bom, crlf }: TextForm): string =>
  (bom ? '\uFEFF' : '') + (crlf ? text.replace(/\n/g, '\r\n') : text)
