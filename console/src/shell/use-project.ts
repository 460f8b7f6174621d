import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projectQuery, projectsQuery, sprintsQuery } from '../api/queries.ts'
import type { Project, Sprint } from '../api/types.ts'
import { inOrder, isClosed } from '../scrum/sprint-order.ts'
import type { Here } from './here.ts'

export interface Current {
  project: Project | undefined
  /** What is worked on or comes next, and the one that is looked at. */
  sprints: readonly Sprint[]
  /** The one that is looked at, else what is worked on first. */
  sprint: Sprint | undefined
}

const most = 5

/** The project that is looked at, was last, or is the only one. */
export function useCurrentProject({ slug, code }: Here): Current {
  const [last, setLast] = useState(slug)
  if (slug !== undefined && slug !== last) setLast(slug)
  const { data: projects } = useQuery(projectsQuery)
  const wanted = slug ?? last ?? (projects?.length === 1 ? projects[0]?.slug : undefined)
  const { data: project } = useQuery({ ...projectQuery(wanted ?? ''), enabled: !!wanted })
  const { data } = useQuery({ ...sprintsQuery(project?.id), enabled: !!project })
  const listed = inOrder(data ?? [])
  const open = listed.filter((sprint) => !isClosed(sprint)).slice(0, most)
  const looked = code === undefined ? undefined : listed.find((sprint) => sprint.code === code)
  return {
    project,
    sprints: looked && !open.includes(looked) ? [...open, looked] : open,
    sprint: looked ?? open[0],
  }
}
