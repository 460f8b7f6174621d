import { useInfiniteQuery } from '@tanstack/react-query'
import type { Project } from '../api/types.ts'
import { useNow } from '../ui/now.ts'
import { Older } from '../ui/older.tsx'
import { ErrorState, Skeleton } from '../ui/states.tsx'
import { useNames } from './differences.tsx'
import { historyQuery, type Revised } from './queries.ts'
import { RevisionLine } from './revision-line.tsx'
import './history.css'

interface HistoryProps {
  project: Project
  of: Revised
  /** It has ended, and stays what it is. */
  ended?: boolean
}

/** What a task or a sprint has been, the newest first: each revision can be opened and gone back to. */
export function History({ project, of, ended = false }: HistoryProps) {
  const now = useNow()
  const known = useNames(project)
  const query = useInfiniteQuery(historyQuery(of))
  const { data, error, refetch } = query
  if (!data) {
    if (error) return <ErrorState error={error} retry={refetch} />
    return <Skeleton lines={4} label="Loading the history" />
  }
  const all = data.pages.flatMap((page) => page.items)
  return (
    <>
      <ol className="revisions" aria-label="Revisions, newest first">
        {all.map((revision) => (
          <RevisionLine
            key={revision.number}
            project={project}
            of={of}
            ended={ended}
            revision={revision}
            all={all}
            known={known}
            now={now}
          />
        ))}
      </ol>
      <Older what="revisions" read={query} small />
    </>
  )
}
