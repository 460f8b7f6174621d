import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'

interface CodeOptions {
  /** Nobody is told that it is missing, so that it is asked for until it comes. */
  persist?: boolean
}

/** How long until it is asked for once more (ms). */
const again = 2_000

/** A part of a page whose code is fetched when it is drawn; the page goes on without it. */
export function useCode<P extends object>(
  name: string,
  load: () => Promise<ComponentType<P>>,
  { persist = false }: CodeOptions = {},
) {
  return useQuery({
    queryKey: ['code', name],
    queryFn: async () => ({ Part: await load() }),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    ...(persist ? { retry: true, retryDelay: again } : {}),
  })
}
