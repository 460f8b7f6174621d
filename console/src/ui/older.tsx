import { ErrorState } from './states.tsx'

/** An infinite query, newest first. */
interface Read {
  data: { pages: readonly unknown[] } | undefined
  error: unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  fetchNextPage(options: { cancelRefetch: boolean }): Promise<Read>
}

interface OlderProps {
  /** What there is more of, in the plural. */
  what: string
  read: Read
  small?: boolean
}

/** Loads the next page of a list, or says why it did not come. */
export function Older({ what, read, small = false }: OlderProps) {
  if (read.isFetchNextPageError) {
    return <ErrorState error={read.error} retry={() => void readOlder(read)} />
  }
  if (!read.hasNextPage) return null
  return (
    <p>
      <button
        type="button"
        className={small ? 'button button-small' : 'button'}
        onClick={() => void readOlder(read)}
      >
        {read.isFetchingNextPage ? 'Loading…' : `Load older ${what}`}
      </button>
    </p>
  )
}

/** What happens meanwhile has the list read again, and this broken off: then it is asked for anew. */
async function readOlder(read: Read): Promise<void> {
  const known = read.data?.pages.length ?? 0
  let now = read
  do now = await read.fetchNextPage({ cancelRefetch: false })
  while (now.hasNextPage && !now.isFetchNextPageError && now.data?.pages.length === known)
}
