import type { ReactNode } from 'react'
import { Crumbs, type Place } from './crumbs.tsx'

interface PageHeadProps {
  title: string
  /** Where the page lies; the last place is the page itself. */
  places?: readonly Place[]
  /** Beside the title: how what it names stands. */
  mark?: ReactNode
  /** At the end of the line: what can be done, what is done most often last. */
  end?: ReactNode
  /** Below: what the page is about, in a sentence or a few facts. */
  children?: ReactNode
}

/** The beginning of every page but the board. */
export function PageHead({ title, places, mark, end, children }: PageHeadProps) {
  return (
    <header className="page-head">
      {places && <Crumbs places={places} />}
      <div className="page-line">
        <h1>{title}</h1>
        {mark}
        {end && <div className="page-end">{end}</div>}
      </div>
      {children}
    </header>
  )
}
