import { ErrorState } from './states.tsx'

interface OlderProps {
  /** What there is more of, in the plural. */
  what: string
  /** An infinite query, newest first. */
  read: {
    error: unknown
    hasNextPage: boolean
    isFetchingNextPage: boolean
    isFetchNextPageError: boolean
    fetchNextPage(): Promise<unknown>
  }
  small?: boolean
}

/** Loads the next page of a list, or says why it did not come. */
export function Older({ what, read, small = false }: OlderProps) {
  if (read.isFetchNextPageError) {
    return <ErrorState error={read.error} retry={() => void read.fetchNextPage()} />
  }
  if (!read.hasNextPage) return null
  return (
    <p>
      <button
        type="button"
        className={small ? 'button button-small' : 'button'}
        onClick={() => void read.fetchNextPage()}
      >
        {read.isFetchingNextPage ? 'Loading…' : `Load older ${what}`}
      </button>
    </p>
  )
}
