// Made once: making one takes longer than a hundred numbers.
const numbers = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** “1,234” */
export const amount = (number: number) => numbers.format(number)
/** “12.3K” tokens. */
export const compact = (number: number) => short.format(number)

/** “1 card”, “2 cards”. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${amount(number)} ${number === 1 ? one : many}`
}

const both = new Intl.ListFormat('en-GB', { type: 'conjunction' })
/** “SAMPLE-1, SAMPLE-2 and SAMPLE-3” */
export const listed = (words: readonly string[]) => both.format(words)

/** A stored status as people read it: `needs_qa` → “needs QA”. */
export function spoken(status: string): string {
  return status.replaceAll('_', ' ').replace(/\bqa\b/, 'QA')
}

/** As the beginning of a sentence. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const percent = (rate: number) => `${Math.round(rate * 100)} %`

/** A price in US dollars, to the cent; less than one is said to be so. */
export const dollars = (price: number) =>
  price > 0 && price < 0.01 ? 'less than $0.01' : `$${price.toFixed(2)}`
