import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { openConflictsQuery } from '../../api/queries.ts'
import type { Task } from '../../api/types.ts'
import { changeQuery, useLocation } from '../../routing/location.ts'
import { sessionQuery } from '../../session/session.ts'
import { type Filter, filterFromQuery, filterTasks, queryOf, type Unknown } from './filter.ts'

export interface Filtering {
  filter: Filter
  /** Parts of the address that name nothing. */
  unknown: readonly Unknown[]
  /** All cards of the sprint, and those that are let through. */
  all: readonly Task[]
  shown: readonly Task[]
  /** Puts it into the address; typing replaces the entry in the history. */
}

const none: readonly Task[] = []

/** The filter that the address names, over the cards of a sprint. */
export function useFilter(sprintId: number, tasks: readonly Task[] = none): Filtering {
  const { query } = useLocation()
  const address = query.toString()
  const { filter, unknown } = useMemo(
    () => filterFromQuery(new URLSearchParams(address)),
    [address],
  )
  const me = useQuery(sessionQuery).data?.who?.name ?? ''
  const { data: conflicts } = useQuery({
    ...openConflictsQuery({ sprint_id: sprintId }),
    enabled: filter.conflict,
  })
  const conflicted = useMemo(
    () => new Set((conflicts ?? []).flatMap((it) => it.task_id ?? [])),
    [conflicts],
  )
  // A thousand cards are drawn again when the fingers rest.
  const applied = useDeferredValue(filter)
  const shown = useMemo(
    () => filterTasks(tasks, applied, { me, conflicted }),
    [tasks, applied, me, conflicted],
  )

  return { filter, unknown, all: tasks, shown }
}

/** Puts a filter into the address; typing replaces the entry in the history. */
export const setFilter = (filter: Filter, how?: { replace?: boolean }) =>
  changeQuery((query) => queryOf(filter, query), how)

/** Drops a part of the address that names nothing. */
export const forget = ({ name, value }: Unknown) =>
  changeQuery((query) => {
    query.delete(name, value)
    return query
  })
