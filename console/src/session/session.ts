import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { Problem } from '../api/problem.ts'
import { get, request } from '../api/request.ts'
import { onSessionRefused, setSignedOut } from '../api/signed-out.ts'
import type { Me, Scope } from '../api/types.ts'
import { loginCodeIn } from './login-code.ts'
import { tellOtherTabs, whenOtherTabsTell } from './other-tabs.ts'

export interface Session {
  who: Me | null
  /** Why the one-time link did not work. */
  linkProblem: Problem | null
  /** The session is over, but nobody left: the page stays while it is asked who is there. */
  ended: boolean
}

/** Takes the code out of the address bar at once: it must not stay in the history. */
function takeLoginCode(): string | null {
  const code = loginCodeIn(window.location.hash)
  if (code !== null) {
    const { pathname, search } = window.location
    window.history.replaceState(null, '', pathname + search)
  }
  return code
}

/** A code waiting to be spent; spent once, whether it works or not. */
let waitingCode = takeLoginCode()

async function whoAmI(): Promise<Me | null> {
  try {
    return await get<Me>('/auth/me')
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null
    throw error
  }
}

/** Who was here last, unless they signed out. */
let last: Me | null = null

async function openSession(): Promise<Session> {
  const code = waitingCode
  waitingCode = null
  let linkProblem: Problem | null = null
  if (code !== null) {
    try {
      await request('POST', '/auth/login', { body: { code } })
      tellOtherTabs()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.unreachable) waitingCode = code
      linkProblem = error
    }
  }
  const who = await whoAmI()
  setSignedOut(who === null)
  const ended = who === null && last !== null
  last = who ?? last
  return { who: last, linkProblem, ended }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: openSession,
  staleTime: Number.POSITIVE_INFINITY,
})

/** Finds out who is there when a request says that the session is over, or another tab has changed it. */
export function watchForSessionEnd(client: QueryClient): void {
  const look = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
  onSessionRefused(look)
  whenOtherTabsTell(look)
}

/** A link opened in a tab that already shows the console changes only the hash. */
export function watchForLoginLinks(client: QueryClient): void {
  window.addEventListener('hashchange', () => {
    const code = takeLoginCode()
    if (code === null) return
    waitingCode = code
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
  })
}

export async function logInWith(token: string): Promise<void> {
  await request('POST', '/auth/login', { body: { token } })
  tellOtherTabs()
}

export async function logOut(client: QueryClient): Promise<void> {
  await request('POST', '/auth/logout')
  tellOtherTabs()
  last = null
  setSignedOut(true)
  const [session] = sessionQuery.queryKey
  client.setQueryData(sessionQuery.queryKey, { who: null, linkProblem: null, ended: false })
  // Nothing that was read stays for whoever comes next.
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session })
}

/** Whether the person may do this; a control that would be refused is not shown. */
export function useMay(scope: Scope): boolean {
  const { data } = useQuery(sessionQuery)
  return data?.who?.scopes.includes(scope) ?? false
}
