import { useEffect } from 'react'

/** The document's title, most particular part first. */
export function useTitle(...parts: string[]): void {
  const title = [...parts, 'DevGodzilla'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
