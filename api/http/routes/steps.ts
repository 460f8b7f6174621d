import { actionsOnSteps } from '../../services/step/act.ts'
import { deleteStep, updateStep } from '../../services/step/edit.ts'
import { getStep, listArtifacts, listLogs } from '../../services/step/read.ts'
import { addArtifact, appendLogs } from '../../services/step/report.ts'

export const steps = [
  getStep,
  updateStep,
  deleteStep,
  ...actionsOnSteps,
  listArtifacts,
  addArtifact,
  listLogs,
  appendLogs,
]
