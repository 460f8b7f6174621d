import type { Logger } from 'pino'
import type { Command, InputOf, OutputOf } from '../commands/command.ts'
import { grants, type Role, rolesThat } from '../core/entities/access.ts'
import { DomainError, invalid } from '../core/errors.ts'
import type { NewEvent } from '../core/events/catalogue.ts'
import type { HandlerName } from '../core/events/subscriptions.ts'
import type { Database, Db, Tx } from '../store/database.ts'
import { record } from '../store/events.ts'
import { tellOrigin } from '../store/revisions.ts'
import type { SessionRow } from '../store/sessions.ts'
import type { Send } from '../store/transaction.ts'
import type { Contexts } from './agent/contexts.ts'
import type { Sampler } from './event/sampler.ts'
import type { FlowJobs } from './flow-run/flow-jobs.ts'
import type { Destination } from './webhook-subscription/destination.ts'

/** What the services stand on. Made once, in main. */
export interface Runtime {
  db: Database
  log: Logger
  flows: FlowStarter
  /** Jobs of Windmill as people look at them; without it, there are none to look at. */
  flowJobs?: FlowJobs
  /** The switch for the whole installation; each project has its own besides. */
  sprintIntegration: boolean
  /** Where webhook messages may be sent; without it, to public addresses alone. */
  destination?: Destination
  /** Leaves out some of the chatty events; without it, none. */
  sampler?: Sampler
  /** What agents are told, kept for a while; without it, it is assembled anew each time. */
  contexts?: Contexts
  /** Where events are archived to unless a folder is named. */
  archiveDir?: string | undefined
}

/** Windmill, as far as the API needs it. */
export interface FlowStarter {
  /** Starts a flow once per job id: a repeat with the same id is the same job. */
  start(path: string, args: Record<string, unknown>, jobId: string): Promise<void>
  /** A job as Windmill knows it, undefined where it does not; `success` is null until it has ended. */
  find(jobId: string): Promise<{ path: string; success: boolean | null } | undefined>
  /** Cancels a job with all its processes; one that is unknown or has ended is left alone. */
  cancel(jobId: string, reason: string): Promise<void>
}

/** Who asks, in which chain of causes. */
export interface Caller {
  actor: string
  role: Role
  correlationId: string
  causationId: number | null
  agent: string | null
  sessionKey: string | null
  idempotencyKey: string | null
  /** A handler that brings such changes about itself, so that they must not wake it. */
  unheardBy?: HandlerName
}

/** A caller at a surface that calls verbs by itself. */
export interface Asker {
  caller: Caller
  /** Idempotency keys belong to the token that sent them. */
  tokenId: number
  requestId: string
  log: Logger
  /**
   * Counts what is asked in one request: each but the first is one more for the limit of its token.
   * @throws DomainError `too_many`
   */
  spend(): Promise<void>
}

/** The system itself, when a handler works. */
export const system = (correlationId: string, causationId: number | null): Caller => ({
  actor: 'system',
  role: 'admin',
  correlationId,
  causationId,
  agent: null,
  sessionKey: null,
  idempotencyKey: null,
})

/** A read: no transaction of its own, each statement sees what is committed. */
export interface Read {
  db: Db
  caller: Caller
  runtime: Runtime
}

/** A change: everything it does and tells commits together or not at all. */
export interface Work {
  tx: Tx
  caller: Caller
  runtime: Runtime
  /** The session that it is done in. */
  session: SessionRow | null
  /** Of statements whose answer nobody needs. */
  send: Send
  record(...events: NewEvent[]): Promise<void>
  /** Says that the wanted state was there already. */
  nothingChanged(): void
  changed: boolean
}

export async function workIn(
  tx: Tx,
  runtime: Runtime,
  caller: Caller,
  session: SessionRow | null = null,
  send: Send = awaited,
): Promise<Work> {
  await send(tellOrigin(tx, caller))
  return workOf(tx, runtime, caller, session, send)
}

/** Part of a transaction may be undone alone: what fails there has to be known there. */
const awaited: Send = async (statement) => {
  await statement
}

/** The same in a transaction that was begun on the caller's account. */
export function workOf(
  tx: Tx,
  runtime: Runtime,
  caller: Caller,
  session: SessionRow | null = null,
  send: Send = awaited,
): Work {
  return {
    tx,
    send,
    runtime,
    caller,
    session,
    changed: true,
    record: (...events) => send(record(tx, caller, runtime.sampler?.keep(events) ?? events)),
    nothingChanged() {
      this.changed = false
    },
  }
}

/**
 * The session of a verb that makes no sense without one.
 * @throws DomainError `invalid` where the caller named none
 */
export function session(work: Work): SessionRow {
  if (work.session) return work.session
  throw invalid(
    'session_key',
    'needs_a_session',
    'is required here (X-Session-Key by HTTP, --session in a terminal); AGENT INIT S:<sprint code> or T:<task code> answers one',
  )
}

export interface Outcome<T> {
  output: T
  /** False where the wanted state was there already, or the answer was kept from before. */
  changed: boolean
}

/** A command together with the code that carries it out. */
export interface Verb<C extends Command = Command> {
  command: C
  run(runtime: Runtime, caller: Caller, input: InputOf<C>): Promise<Outcome<OutputOf<C>>>
}

/** A verb of a list of verbs: each has its own input, which its own command reads. */
export interface AnyVerb {
  command: Command
  run(runtime: Runtime, caller: Caller, input: never): Promise<Outcome<unknown>>
}

/** @throws DomainError `forbidden` where the caller's role lacks the command's scope */
export function authorise(command: Command, caller: Caller): void {
  if (grants(caller.role, command.scope)) return
  throw new DomainError(
    'forbidden',
    `scope_${command.scope}`,
    `${command.name} needs the scope "${command.scope}", which the role ${caller.role} has not; have it done with a token of the role ${rolesThat(command.scope).join(' or ')}.`,
  )
}
