/** The API's own entities; types alone, so that nothing of the server is bundled. */
export type { ResolutionReport } from '../../../api/commands/conflicts.ts'
export type { ImportPreview, ImportReport } from '../../../api/commands/specs.ts'
export type { ApiToken, Role, Scope } from '../../../api/core/entities/access.ts'
export type {
  Burndown,
  Burnup,
  Flow,
  Forecast,
  ProjectVelocity,
} from '../../../api/core/entities/charts.ts'
export type { Conflict } from '../../../api/core/entities/conflict.ts'
export type { EventDelivery } from '../../../api/core/entities/delivery.ts'
export type { StoredEvent } from '../../../api/core/entities/event.ts'
export type {
  FlowApproval,
  FlowDescription,
  FlowRun,
  FlowRunDetail,
  FlowRunState,
  FlowStep,
} from '../../../api/core/entities/flow-run.ts'
export type { Project } from '../../../api/core/entities/project.ts'
export type {
  Artifact,
  ProtocolProgress,
  ProtocolRun,
  ProtocolStatus,
  StepLogLine,
  StepRun,
  StepStatus,
  TaskArtifact,
} from '../../../api/core/entities/protocol.ts'
export type {
  FieldDifference,
  ReplayConflict,
  RevisionInHistory,
} from '../../../api/core/entities/revision.ts'
export type {
  Claim,
  RememberedNote,
  Session,
  SessionInList,
} from '../../../api/core/entities/session.ts'
export type { Spec } from '../../../api/core/entities/spec.ts'
export type {
  Sprint,
  SprintReport,
  SprintStatus,
  SprintVelocityOut,
} from '../../../api/core/entities/sprint.ts'
export type {
  BoardStatus,
  Priority,
  Task,
  TaskDependency,
} from '../../../api/core/entities/task.ts'
export type { SavedView } from '../../../api/core/entities/view.ts'
export type { WebhookMessage, WebhookSubscription } from '../../../api/core/entities/webhook.ts'
export type { EventType, Payload } from '../../../api/core/events/catalogue.ts'

import type { OutputOf } from '../../../api/commands/command.ts'
import type { sessionActivity } from '../../../api/commands/events.ts'
import type { diffTask, replayWork, undoWork } from '../../../api/commands/revisions.ts'
import type { getSession } from '../../../api/commands/sessions.ts'
import type { Role, Scope } from '../../../api/core/entities/access.ts'

export type SessionWithMemory = OutputOf<typeof getSession>
export type SessionActivity = OutputOf<typeof sessionActivity>
export type RevisionDiff = OutputOf<typeof diffTask>
export type UndoneWork = OutputOf<typeof undoWork>
export type ReplayedWork = OutputOf<typeof replayWork>

/** Who is logged in, and what they may do. */
export interface Me {
  /** The token, or the session, they came with. */
  token_id: number
  name: string
  role: Role
  scopes: Scope[]
  /** Where the stream of events ended when this was answered. */
  cursor: string
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}
