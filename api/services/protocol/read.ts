import {
  getProtocol as getCommand,
  listProtocols as listCommand,
  listSteps as stepsCommand,
} from '../../commands/protocols.ts'
import { found } from '../../core/errors.ts'
import { findProtocol, listProtocols as list } from '../../store/protocols.ts'
import { listSteps as steps } from '../../store/steps.ts'
import { query } from '../query.ts'

export const listProtocols = query(listCommand, ({ db }, filter) => list(db, filter))

export const getProtocol = query(getCommand, async ({ db }, { protocol_id }) =>
  found(await findProtocol(db, protocol_id), 'protocol', protocol_id),
)

export const listSteps = query(stepsCommand, async ({ db }, { protocol_id, ...page }) => {
  found(await findProtocol(db, protocol_id), 'protocol', protocol_id)
  return steps(db, protocol_id, page)
})
