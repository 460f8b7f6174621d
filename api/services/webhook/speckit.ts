import type { SpecKitNotice } from '../../commands/notices.ts'
import { found } from '../../core/errors.ts'
import { findProjectBySlug } from '../../store/projects.ts'
import type { Runtime } from '../runtime.ts'
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
    const off = integrationOff(runtime, project)
    if (off) return ignored(off)
    if (notice.file !== undefined && !/(^|[/\\])tasks\.md$/.test(notice.file)) {
      return ignored('Only a changed tasks.md has something to say.')
    }
    const path = notice.spec_path ?? notice.file ?? ''
    const hook = { ...claimed, source: 'speckit' as const, told: notice.event ?? null }
    const specs = await readAgain(work, hook, [{ project, paths: [path] }])
    return { outcome: 'accepted', detail: 'The tasks.md will be read again.', specs }
  })
