import { createSprintFromProtocol } from '../../services/link/create-sprint.ts'
import { getProtocolSprint, syncToSprint } from '../../services/link/sync-verbs.ts'
import {
  cancelProtocol,
  deleteProtocol,
  pauseProtocol,
  resumeProtocol,
  startProtocol,
} from '../../services/protocol/control.ts'
import { createProtocol } from '../../services/protocol/create.ts'
import { endExecution, executeProtocol } from '../../services/protocol/execute.ts'
import {
  getProtocol,
  listProgress,
  listProtocols,
  listSteps,
} from '../../services/protocol/read.ts'
import { replan } from '../../services/protocol/replan.ts'
import { updateProtocol } from '../../services/protocol/update.ts'

export const protocols = [
  listProtocols,
  listProgress,
  createProtocol,
  getProtocol,
  updateProtocol,
  deleteProtocol,
  listSteps,
  replan,
  startProtocol,
  pauseProtocol,
  resumeProtocol,
  cancelProtocol,
  executeProtocol,
  endExecution,
  createSprintFromProtocol,
  getProtocolSprint,
  syncToSprint,
]
