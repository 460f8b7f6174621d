import { useInfiniteQuery } from '@tanstack/react-query'
import type { Project } from '../api/types.ts'
import { count } from '../format/words.ts'
import { InProject } from '../project/in-project.tsx'
import { changeQuery, useLocation } from '../routing/location.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { Choice, Filters } from '../ui/filters.tsx'
import { Older } from '../ui/older.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { TaskBeside } from './beside.tsx'
import { sessionsQuery } from './queries.ts'
import { SessionTable } from './session-table.tsx'
import { heartbeatMs, useLiveSessions } from './use-live-sessions.ts'

/** Who works on what, and who has. */
export function SessionsPage({ slug }: { slug: string }) {
  return (
    <InProject
      slug={slug}
      title="Sessions"
      intro="Each time an agent works on a sprint or a task: what it did, what it remembers, what it holds."
    >
      {(project) => <Sessions project={project} />}
    </InProject>
  )
}

const states = [
  ['', 'All'],
  ['active', 'At work'],
  ['handed_off', 'Handed off'],
  ['ended', 'Ended'],
  ['expired', 'Expired'],
] as const
const questions = [
  ['', 'All'],
  ['open', 'Open'],
] as const

function Sessions({ project }: { project: Project }) {
  const { query } = useLocation()
  const asked = query.get('state')
  const state = states.find(([value]) => value === asked)?.[0] ?? ''
  const asking = query.get('questions') === 'open'
  useLiveSessions(project.id)
  const read = useInfiniteQuery({
    ...sessionsQuery(project.id, { ...(state && { state }), ...(asking && { asking }) }),
    refetchInterval: heartbeatMs,
  })
  const { data, error, refetch, hasNextPage } = read
  const sessions = data?.pages.flatMap((page) => page.items)
  const tasks = data?.pages.flatMap((page) => page.tasks) ?? []
  const found = sessions && `${count(sessions.length, 'session')}${hasNextPage ? ' loaded' : ''}`
  return (
    <>
      <Filters label="Filter sessions" found={found}>
        <Choice label="State" name="state" options={states} />
        <Choice label="Questions" name="questions" options={questions} />
      </Filters>
      {!sessions && error && <ErrorState error={error} retry={refetch} />}
      {!sessions && !error && <Skeleton lines={6} label="Loading sessions" />}
      {sessions?.length === 0 && <NoSessions filtered={state !== '' || asking} />}
      {sessions && sessions.length > 0 && (
        <SessionTable project={project} sessions={sessions} tasks={tasks} />
      )}
      <Older what="sessions" read={read} />
      <TaskBeside project={project} />
    </>
  )
}

function NoSessions({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState title="No session is like this">
        <button
          type="button"
          className="button"
          onClick={() => changeQuery(() => new URLSearchParams())}
        >
          Show all sessions
        </button>
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No agent has worked here yet">
      <p>A session begins when an agent asks for its context, over MCP or in a terminal:</p>
      <CommandLine command="npx devgodzilla agent init S:SPRINT-CODE --agent coder" />
    </EmptyState>
  )
}
