import { addArtifact as artifactCommand, appendLogs as logsCommand } from '../../commands/steps.ts'
import { found } from '../../core/errors.ts'
import { appendLogs as append, saveArtifact } from '../../store/artifacts.ts'
import { findStep } from '../../store/steps.ts'
import { mutation } from '../mutation.ts'

export const addArtifact = mutation(artifactCommand, async (work, { step_id, ...artifact }) => {
  const step = found(await findStep(work.tx, step_id), 'step', step_id)
  const saved = await saveArtifact(work.tx, {
    ...artifact,
    uri: artifact.uri ?? null,
    content: artifact.content ?? null,
    step_run_id: step_id,
    attempt: step.attempt,
  })
  await work.record({
    type: 'step.artifact_added',
    entity_type: 'step',
    entity_id: step_id,
    project_id: step.project_id,
    protocol_run_id: step.protocol_run_id,
    payload: { artifact_id: saved.id, name: saved.name, attempt: saved.attempt },
  })
  return saved
})

/** Log lines are kept, but never told as events: there are too many of them. */
export const appendLogs = mutation(logsCommand, async (work, { step_id, lines }) => {
  const step = found(await findStep(work.tx, step_id), 'step', step_id)
  return { appended: await append(work.tx, step_id, step.attempt, lines) }
})
