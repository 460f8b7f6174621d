import type { ProtocolRun, Sprint } from '../api/types.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { EmptyState } from '../ui/states.tsx'

interface EmptyBoardProps {
  sprint: Sprint
  runs: readonly ProtocolRun[]
  /** Absent for those who may not. */
  onCreate: (() => void) | undefined
}

/** A sprint without cards: how they get here, with this sprint's own numbers. */
export function EmptyBoard({ sprint, runs, onCreate }: EmptyBoardProps) {
  const run = runs.find((it) => it.linked_sprint_id === sprint.id)
  const fromFile = JSON.stringify({ sprint_id: sprint.id, spec_path: 'specs/001-name' })
  return (
    <div className="board-state">
      <EmptyState title="No cards in this sprint yet">
        {onCreate && (
          <p>
            <button type="button" className="button button-main" onClick={onCreate}>
              Create a task
            </button>
          </p>
        )}
        <p>Bring in the tasks of a SpecKit folder:</p>
        <CommandLine
          command={`devgodzilla flow run f/devgodzilla/sync_tasks_to_sprint -d '${fromFile}'`}
        />
        {run && (
          <>
            <p>Or the steps of the run it was made from, “{run.protocol_name}”:</p>
            <CommandLine
              command={`devgodzilla flow run f/devgodzilla/sprint_from_protocol -d '{"protocol_id": ${run.id}}'`}
            />
          </>
        )}
      </EmptyState>
    </div>
  )
}
