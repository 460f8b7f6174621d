import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { sprintsQuery } from '../api/queries.ts'
import { Link } from '../routing/link.tsx'
import { paths } from '../routing/paths.ts'

/** Codes of the project's sprints by their ids: where a card of a chart can be opened. */
const SprintCodes = createContext<ReadonlyMap<number, string>>(new Map())

export function WithSprintCodes({
  projectId,
  children,
}: {
  projectId: number
  children: ReactNode
}) {
  const { data } = useQuery(sprintsQuery(projectId))
  const codes = useMemo(() => new Map(data?.map(({ id, code }) => [id, code])), [data])
  return <SprintCodes value={codes}>{children}</SprintCodes>
}

export interface NamedCard {
  code: string
  title: string
  sprint_id: number | null
}

/** The address of a card on the board of its sprint; null for one that is in none. */
export function useCardPath(slug: string): (card: NamedCard) => string | null {
  const codes = useContext(SprintCodes)
  return ({ sprint_id, code }) => {
    const sprint = sprint_id === null ? undefined : codes.get(sprint_id)
    return sprint === undefined ? null : paths.card(slug, sprint, code)
  }
}

export function CardLink({ slug, card }: { slug: string; card: NamedCard }) {
  const path = useCardPath(slug)(card)
  const words = `${card.code} ${card.title}`
  return path === null ? <span>{words}</span> : <Link to={path}>{words}</Link>
}
