import { getSpec as getCommand, listSpecs as listCommand } from '../../commands/specs.ts'
import { found } from '../../core/errors.ts'
import { findSpec, listSpecs as list } from '../../store/specs.ts'
import { query } from '../query.ts'
import { specFolder } from './path.ts'

export const listSpecs = query(listCommand, ({ db }, { path, ...filter }) =>
  list(db, { ...filter, path: path === undefined ? undefined : specFolder(path) }),
)

export const getSpec = query(getCommand, async ({ db }, { spec_id }) =>
  found(await findSpec(db, spec_id), 'spec', spec_id),
)
