import { posix } from 'node:path'
import { createSpec as command } from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import { found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { findSpecByPath, insertSpec, type NewSpec } from '../../store/specs.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { specFolder } from './path.ts'

export const createSpec = mutation(command, async (work, input) => {
  found(await findProject(work.tx, input.project_id), 'project', input.project_id)
  const path = specFolder(input.path)
  return addSpec(work, { ...input, path, name: input.name ?? posix.basename(path) })
})

async function addSpec(work: Work, spec: NewSpec): Promise<Spec> {
  const added = await insertSpec(work.tx, spec)
  await work.record({
    type: 'spec.created',
    entity_type: 'spec',
    entity_id: added.id,
    project_id: added.project_id,
    payload: { path: added.path },
  })
  return added
}

/** The spec at a path of a project; an unknown one is created, since its file exists. */
export async function specAt(work: Work, projectId: number, path: string): Promise<Spec> {
  const folder = specFolder(path)
  const known = await findSpecByPath(work.tx, projectId, folder)
  if (known) return known
  return addSpec(work, {
    project_id: projectId,
    path: folder,
    name: posix.basename(folder),
    status: 'active',
    planning: {},
  })
}
