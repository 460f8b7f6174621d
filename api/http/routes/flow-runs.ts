import { approveFlowRun, rejectFlowRun } from '../../services/flow-run/answer.ts'
import { cancelFlowRun } from '../../services/flow-run/cancel.ts'
import { listFlowRuns, listFlows } from '../../services/flow-run/list.ts'
import { getFlowRun, readFlowRunLog } from '../../services/flow-run/read.ts'
import { retryFlowRun, startFlowRun } from '../../services/flow-run/start.ts'

export const flowRuns = [
  listFlows,
  listFlowRuns,
  startFlowRun,
  getFlowRun,
  readFlowRunLog,
  cancelFlowRun,
  retryFlowRun,
  approveFlowRun,
  rejectFlowRun,
]
