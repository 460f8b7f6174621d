/** “1 card”, “2 cards”. */
/** Made once: making it takes longer than a hundred numbers. */
const numbers = new Intl.NumberFormat('en')

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${numbers.format(amount)} ${amount === 1 ? one : many}`
}

/** A stored status as people read it: `needs_qa` → “needs QA”. */
export function spoken(status: string): string {
  return status.replaceAll('_', ' ').replace(/\bqa\b/, 'QA')
}

export const percent = (rate: number) => `${Math.round(rate * 100)} %`

/** A price in US dollars, to the cent; less than one is said to be so. */
export const dollars = (amount: number) =>
  amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`
