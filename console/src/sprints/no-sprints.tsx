import { CommandLine } from '../ui/command-line.tsx'
import { EmptyState } from '../ui/states.tsx'

interface NoSprintsProps {
  projectId: number | undefined
  /** A run that has no sprint yet, where there is one. */
  runId?: number | undefined
}

export function NoSprints({ projectId, runId }: NoSprintsProps) {
  return (
    <EmptyState title="No open sprint">
      {runId === undefined ? (
        <>
          <p>Create one, then bring cards into it:</p>
          <CommandLine
            command={`devgodzilla call sprint.create project_id=${projectId ?? 1} name="First sprint"`}
          />
        </>
      ) : (
        <>
          <p>A protocol run becomes a sprint, one card per step:</p>
          <CommandLine
            command={`devgodzilla flow run f/devgodzilla/sprint_from_protocol -d '{"protocol_id":${runId}}'`}
          />
        </>
      )}
    </EmptyState>
  )
}
