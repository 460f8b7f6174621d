import {
  listArtifacts as artifactsCommand,
  getStep as getCommand,
  listLogs as logsCommand,
} from '../../commands/steps.ts'
import { found } from '../../core/errors.ts'
import { listArtifacts as artifacts, listLogs as logs } from '../../store/artifacts.ts'
import { findStep } from '../../store/steps.ts'
import { query } from '../query.ts'

export const getStep = query(getCommand, async ({ db }, { step_id }) =>
  found(await findStep(db, step_id), 'step', step_id),
)

export const listArtifacts = query(artifactsCommand, async ({ db }, { step_id, ...page }) => {
  found(await findStep(db, step_id), 'step', step_id)
  return artifacts(db, { stepId: step_id }, page)
})

export const listLogs = query(logsCommand, async ({ db }, { step_id, attempt, ...page }) => {
  const step = found(await findStep(db, step_id), 'step', step_id)
  return logs(db, step_id, attempt ?? step.attempt, page)
})
