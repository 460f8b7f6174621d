import { linkProtocol } from '../../services/link/link.ts'
import { syncFromProtocol } from '../../services/link/sync-verbs.ts'
import { exportSprintTasks } from '../../services/spec/export.ts'
import { importSprintTasks } from '../../services/spec/import-verbs.ts'
import { completeSprint } from '../../services/sprint/complete.ts'
import { createSprint } from '../../services/sprint/create.ts'
import { deleteSprint } from '../../services/sprint/delete.ts'
import { failSprint } from '../../services/sprint/fail.ts'
import {
  getSprint,
  getSprintVelocity,
  listSprintArtifacts,
  listSprints,
  listSprintTasks,
} from '../../services/sprint/read.ts'
import { reopenSprint } from '../../services/sprint/reopen.ts'
import { startSprint } from '../../services/sprint/start.ts'
import { updateSprint } from '../../services/sprint/update.ts'

export const sprints = [
  listSprints,
  createSprint,
  getSprint,
  updateSprint,
  deleteSprint,
  listSprintTasks,
  listSprintArtifacts,
  getSprintVelocity,
  startSprint,
  completeSprint,
  failSprint,
  reopenSprint,
  linkProtocol,
  syncFromProtocol,
  importSprintTasks,
  exportSprintTasks,
]
