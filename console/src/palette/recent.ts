/** What was picked last in this window: shown first, before anything is typed. */
export interface Recent {
  key: string
  title: string
  detail?: string | undefined
  /** Where it leads; an action has none and is run while it can be. */
  to?: string | undefined
}

const key = 'devgodzilla.recent'
const most = 5

export function recentPicks(): Recent[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isRecent) : []
  } catch {
    return []
  }
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false
  const { key: its, title, to } = value as Partial<Recent>
  return (
    typeof its === 'string' &&
    typeof title === 'string' &&
    (to === undefined || (typeof to === 'string' && to.startsWith('/')))
  )
}

export function rememberPick(pick: Recent): void {
  const others = recentPicks().filter((it) => it.key !== pick.key)
  try {
    sessionStorage.setItem(key, JSON.stringify([pick, ...others].slice(0, most)))
  } catch (error) {
    console.warn('What was picked is not remembered: it cannot be stored.', error)
  }
}

export function forgetRecent(): void {
  try {
    sessionStorage.removeItem(key)
  } catch (error) {
    console.warn('What was picked could not be forgotten.', error)
  }
}
