import { shortened } from '../one-line.ts'

/** What an event says, in one short line: for whom its type says most of it. */
export function inShort(payload: Record<string, unknown>): string {
  const { changes, from, to, reason } = payload
  if (typeof changes === 'object' && changes !== null) {
    return `changed ${Object.keys(changes).join(', ')}`
  }
  if (from !== undefined && to !== undefined) {
    return shortened(`${said(from)} → ${said(to)}${reason ? `: ${said(reason)}` : ''}`, longest)
  }
  const told = Object.entries(payload).filter(
    ([, value]) => value !== null && typeof value !== 'object',
  )
  const texts = told.map(([key, value]) => `${key}: ${said(value)}`)
  return shortened(texts.join(', '), longest)
}

const longest = 300
const said = (value: unknown) => shortened(String(value), longest)
