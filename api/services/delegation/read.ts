import {
  listDelegationFiles as filesCommand,
  getDelegation as getCommand,
  listTemplates as templatesCommand,
} from '../../commands/delegation.ts'
import { builtIn, namedTemplates } from '../../core/delegation/template-sets.ts'
import { found } from '../../core/errors.ts'
import { confirmedFiles, ownTemplates } from '../../store/delegation-files.ts'
import { syncRounds } from '../../store/delegation-syncs.ts'
import { findProject } from '../../store/projects.ts'
import { query } from '../query.ts'

export const getDelegation = query(getCommand, async ({ db }, { project_id }) => {
  const { settings } = found(await findProject(db, project_id), 'project', project_id)
  const { round } = await syncRounds(db, project_id)
  return { mode: settings.delegation ?? 'off', round }
})

export const listDelegationFiles = query(filesCommand, async ({ db }, { project_id }) => {
  found(await findProject(db, project_id), 'project', project_id)
  return { items: await confirmedFiles(db, project_id) }
})

/** Ours, and before them those of a project as they were last synced. */
export const listTemplates = query(templatesCommand, async ({ db }, { project_id }) => {
  if (project_id !== undefined) found(await findProject(db, project_id), 'project', project_id)
  const own = project_id === undefined ? [] : await ownTemplates(db, project_id)
  return { items: [...namedTemplates(own), ...builtIn.map((it) => ({ ...it, path: null }))] }
})
