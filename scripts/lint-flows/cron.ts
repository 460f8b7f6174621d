const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const days = 'sun|mon|tue|wed|thu|fri|sat'

/** What each field may hold; `names` and `special` (last, nearest, nth) are Windmill's cron's. */
const fields = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31, special: /^(l|lw|\d{1,2}w)$/ },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'weekday', least: 0, most: 7, names: days, special: /^(l|\w+l|\w+#([1-5]|l))$/ },
]
type Field = (typeof fields)[number]

/** Why Windmill would refuse a cron expression, or run it at other times than were meant. */
export function cronFault(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/)
  if (parts.length !== fields.length) {
    return `has ${parts.length} fields, and Windmill reads six: begin with the seconds`
  }
  for (const [index, field] of fields.entries()) {
    const item = parts[index]?.split(',').find((it) => !fits(it.toLowerCase(), field))
    if (item === undefined) continue
    const { name, least, most } = field
    return `its ${name} ${JSON.stringify(item)} is none: write ${least} to ${most}, a range or *`
  }
  return undefined
}

/** One of the items of a field between its commas. */
function fits(item: string, { least, most, names, special }: Field): boolean {
  if (special?.test(item)) return true
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? []
  if (step === '0') return false
  if (range === '*' || range === '?') return true
  const ends = range.split('-')
  return ends.length <= 2 && ends.every(isValue)

  function isValue(text: string) {
    if (names?.split('|').includes(text)) return true
    return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
  }
}
