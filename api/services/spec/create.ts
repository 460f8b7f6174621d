import { posix } from 'node:path'
import { createSpec as command } from '../../commands/specs.ts'
import type { Spec } from '../../core/entities/spec.ts'
import { conflict, found } from '../../core/errors.ts'
import { findProject } from '../../store/projects.ts'
import { findSpecByPath, insertSpec, type NewSpec } from '../../store/specs.ts'
import { mutation } from '../mutation.ts'
import type { Work } from '../runtime.ts'
import { specFolder } from './path.ts'

export const createSpec = mutation(command, async (work, input) => {
  found(await findProject(work.tx, input.project_id), 'project', input.project_id)
  const path = specFolder(input.path)
  const added = await addSpec(work, { ...input, path, name: input.name ?? posix.basename(path) })
  if (added) return added
  throw conflict('one_spec_per_path', `The project has a spec at "${path}"; use that one.`)
})

async function addSpec(work: Work, spec: NewSpec): Promise<Spec | undefined> {
  const added = await insertSpec(work.tx, spec)
  if (!added) return undefined
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
  const find = () => findSpecByPath(work.tx, projectId, folder)
  const spec =
    (await find()) ??
    (await addSpec(work, {
      project_id: projectId,
      path: folder,
      name: posix.basename(folder),
      status: 'active',
      planning: {},
    })) ??
    (await find())
  return found(spec, 'spec', folder)
}
