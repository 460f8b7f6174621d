import { changeQuery, withParameter } from '../routing/location.ts'

/** The card that a page's address shows beside it. */
export const peekedOf = (query: URLSearchParams): string | null => query.get('task')

export const openPeek = (code: string) => changeQuery((query) => withParameter(query, 'task', code))

export const closePeek = () =>
  changeQuery((query) => withParameter(query, 'task', null), { replace: true })
