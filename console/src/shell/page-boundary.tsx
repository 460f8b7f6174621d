import { Component, type ReactNode, useEffect, useRef } from 'react'
import { useLiveStatus } from '../live/use-events.ts'
import { forgetFailedPages, PageNotLoaded } from '../routing/lazy-page.tsx'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'
import { EmptyState, ErrorState } from '../ui/states.tsx'

interface Props {
  children: ReactNode
}

/** What breaks on a page stays on that page, and says what to do. */
export class PageBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  constructor(props: Props) {
    super(props)
    // Another page, or this one once more: what failed then may be there now.
    forgetFailedPages()
  }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  retry = () => {
    forgetFailedPages()
    this.setState({ error: null })
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <div className="page">
        {error instanceof PageNotLoaded ? (
          <NotLoaded retry={this.retry} />
        ) : (
          <>
            <h1>This page broke</h1>
            <ErrorState error={error} retry={this.retry}>
              <Link to={paths.projects()}>All projects</Link>
            </ErrorState>
          </>
        )}
      </div>
    )
  }
}

function NotLoaded({ retry }: { retry: () => void }) {
  const { state } = useLiveStatus()
  const away = state === 'reconnecting'
  const wasAway = useRef(away)
  useEffect(() => {
    if (wasAway.current && !away) retry()
    wasAway.current = away
  }, [away, retry])
  if (away) {
    return (
      <>
        <h1>Waiting for the server</h1>
        <EmptyState title="The server does not answer">
          <p>This page opens by itself when it is back. Nothing that you changed is lost.</p>
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <h1>There is a newer console</h1>
      <EmptyState title="This window shows an older version, which the server no longer has">
        <p>Reload to go on with the new one.</p>
        <button
          type="button"
          className="button button-main"
          onClick={() => window.location.reload()}
        >
          Reload
        </button>
      </EmptyState>
    </>
  )
}
