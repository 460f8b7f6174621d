import type { SpecKitNotice } from '../../commands/notices.ts'
import { found } from '../../core/errors.ts'
import { findProjectBySlug } from '../../store/projects.ts'
import { findSpecByPath } from '../../store/specs.ts'
import type { Runtime } from '../runtime.ts'
import { besideTasks } from '../spec/path.ts'
import { projectsToSync, syncFiles, willBeSynced } from './files-pushed.ts'
import { type Incoming, ignored, once } from './once.ts'
import { integrationOff, readAgain } from './read-again.ts'

/** A spec's tasks.md may have changed: it is read again. */
export const receiveSpecKit = (runtime: Runtime, delivery: Incoming, notice: SpecKitNotice) =>
  once(runtime, delivery, async (work, claimed) => {
    const project = found(
      await findProjectBySlug(work.tx, notice.project),
      'project',
      notice.project,
    )
    const hook = { ...claimed, source: 'speckit' as const, told: notice.event ?? null }
    // What is read again below has its documents sent as well.
    const paths = notice.file === undefined || isOfSpec(notice.file) ? [] : [notice.file]
    const withFiles = await projectsToSync(work, [project], paths)
    if (withFiles.length > 0) {
      await syncFiles(work, hook, withFiles)
      return { outcome: 'accepted', detail: willBeSynced, specs: [] }
    }
    const off = integrationOff(runtime, project)
    if (off) return ignored(off)
    const beside = notice.file === undefined ? null : besideTasks(notice.file)
    if (notice.file !== undefined && !isOfSpec(notice.file)) {
      return ignored('Only a changed tasks.md, spec.md or plan.md has something to say.')
    }
    // Until there are tasks, somebody is at work on the others.
    if (beside !== null && !(await findSpecByPath(work.tx, project.id, beside))?.content_hash) {
      return ignored('Its tasks.md has not been read yet.')
    }
    const path = notice.spec_path ?? beside ?? notice.file ?? ''
    const specs = await readAgain(work, hook, [{ project, paths: [path] }])
    return { outcome: 'accepted', detail: 'The spec will be read again.', specs }
  })

const isOfSpec = (file: string) => besideTasks(file) !== null || /(^|[/\\])tasks\.md$/.test(file)
