import { invalid } from '../core/errors.ts'

export interface Page {
  cursor?: string | undefined
  limit: number
}

export interface PageOf<T> {
  items: T[]
  next_cursor: string | null
}

/** The number after which a page begins; rows are in ascending order of it, and it is never negative. */
export function after(page: Page): number {
  if (page.cursor === undefined) return -1
  if (!/^\d{1,15}$/.test(page.cursor)) {
    throw invalid('cursor', 'cursor', 'pass next_cursor of the page before, unchanged')
  }
  return Number(page.cursor)
}

/** Cuts the one row that was read too many, which tells that there is a next page. */
export function pageOf<T>(
  rows: readonly T[],
  page: Page,
  key: (row: T) => number | string,
): PageOf<T> {
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return {
    items,
    next_cursor: rows.length > page.limit && last !== undefined ? String(key(last)) : null,
  }
}
