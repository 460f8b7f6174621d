import type { Command, InputOf, OutputOf } from '../../commands/command.ts'
import type { NewEvent } from '../../core/events/catalogue.ts'
import { isKept } from '../../store/idempotency.ts'
import { findProject } from '../../store/projects.ts'
import { findProtocol } from '../../store/protocols.ts'
import { findSprint } from '../../store/sprints.ts'
import { mutation } from '../mutation.ts'
import { authorise, type Caller, type Verb, type Work } from '../runtime.ts'
import type { FlowJobs } from './flow-jobs.ts'
import { jobsOf } from './ours.ts'

type FlowEvent = Extract<NewEvent, { type: `flow.${string}` }>
type Told<E> = E extends FlowEvent ? Pick<E, 'type' | 'payload'> : never

interface Done<C extends Command> {
  output: OutputOf<C>
  /** Null where Windmill had it so already. */
  event: Told<FlowEvent> | null
  /** What the flow was given: the stream of its project tells of it. */
  args: Record<string, unknown>
}

/**
 * A verb that has Windmill do something and then tells of it. Windmill is asked before the
 * transaction begins, since the stream waits for transactions; a repeat whose answer is kept asks
 * for nothing.
 */
export function flowVerb<C extends Command>(
  command: C,
  ask: (jobs: FlowJobs, input: InputOf<C>, caller: Caller) => Promise<Done<C>>,
): Verb<C> {
  return {
    command,
    async run(runtime, caller, input) {
      authorise(command, caller)
      const { actor, idempotencyKey: key } = caller
      const repeated = key !== null && (await isKept(runtime.db, actor, key))
      const done = repeated ? undefined : await ask(jobsOf(runtime), input, caller)
      const tell = mutation(command, async (work) => {
        const { output, event, args } = done ?? (await ask(jobsOf(runtime), input, caller))
        if (event) await work.record(await addressed(work, event, args))
        else work.nothingChanged()
        return output
      })
      return tell.run(runtime, caller, input)
    },
  }
}

async function addressed({ tx }: Work, event: Told<FlowEvent>, args: Record<string, unknown>) {
  const idOf = (name: string) => (Number.isSafeInteger(args[name]) ? Number(args[name]) : 0)
  const run = await findProtocol(tx, idOf('protocol_id'))
  const sprint = await findSprint(tx, idOf('sprint_id'))
  const project = await findProject(tx, idOf('project_id'))
  return {
    ...event,
    entity_type: 'flow',
    entity_id: numberOf(event.payload.job_id),
    project_id: run?.project_id ?? sprint?.project_id ?? project?.id ?? null,
    sprint_id: sprint?.id ?? run?.linked_sprint_id ?? null,
    protocol_run_id: run?.id ?? null,
  } as NewEvent
}

/** Events name what they are about by a number: for a job, the first 48 bits of its id. */
const numberOf = (jobId: string) => Number.parseInt(jobId.replaceAll('-', '').slice(0, 12), 16) || 1
