import * as access from './access.ts'
import * as adrs from './adrs.ts'
import * as agentProfiles from './agent-profiles.ts'
import * as agents from './agents.ts'
import * as archives from './archives.ts'
import * as bugs from './bugs.ts'
import * as claims from './claims.ts'
import type { Command } from './command.ts'
import * as conflicts from './conflicts.ts'
import * as delegation from './delegation.ts'
import * as deliveries from './deliveries.ts'
import * as dependencies from './dependencies.ts'
import * as documents from './documents.ts'
import * as events from './events.ts'
import * as flowRuns from './flow-runs.ts'
import * as fromTemplate from './from-template.ts'
import * as links from './links.ts'
import * as metrics from './metrics.ts'
import * as projects from './projects.ts'
import * as protocols from './protocols.ts'
import * as reports from './reports.ts'
import * as revisions from './revisions.ts'
import * as rollout from './rollout.ts'
import * as sessions from './sessions.ts'
import * as specs from './specs.ts'
import * as sprints from './sprints.ts'
import * as steps from './steps.ts'
import { actOnStep, stepActions } from './steps.ts'
import * as tasks from './tasks.ts'
import * as views from './views.ts'
import * as webhooks from './webhooks.ts'

const modules = [
  projects,
  rollout,
  specs,
  sprints,
  metrics,
  links,
  protocols,
  steps,
  tasks,
  dependencies,
  adrs,
  bugs,
  delegation,
  fromTemplate,
  reports,
  revisions,
  events,
  flowRuns,
  conflicts,
  archives,
  deliveries,
  access,
  views,
  sessions,
  claims,
  agents,
  agentProfiles,
  documents,
  webhooks,
]

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'scope' in value && 'path' in value

/** Every command there is, for surfaces that offer them all. */
export const allCommands: readonly Command[] = [
  ...modules.flatMap((module) => Object.values(module).filter(isCommand)),
  ...stepActions.map(actOnStep),
]
