import {
  getProtocol as getCommand,
  listProtocols as listCommand,
  listProgress as progressCommand,
  listSteps as stepsCommand,
} from '../../commands/protocols.ts'
import { found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { findProtocol, listProtocols as list } from '../../store/protocols.ts'
import { progressOfRuns, listSteps as steps } from '../../store/steps.ts'
import { query } from '../query.ts'

export const listProtocols = query(listCommand, ({ db }, filter) => list(db, filter))

export const listProgress = query(progressCommand, async ({ db }, { project_id, ...page }) => {
  found(await findProject(db, project_id), 'project', project_id)
  return progressOfRuns(db, project_id, page)
})

export const getProtocol = query(getCommand, async ({ db }, { protocol_id }) =>
  found(await findProtocol(db, protocol_id), 'protocol', protocol_id),
)

export const listSteps = query(stepsCommand, async ({ db }, { protocol_id, ...page }) => {
  found(await findProtocol(db, protocol_id), 'protocol', protocol_id)
  return steps(db, protocol_id, page)
})
