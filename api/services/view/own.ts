import { grants } from '../../core/entities/access.ts'
import type { SavedView } from '../../core/entities/view.ts'
import { DomainError, found } from '../../core/errors.ts'
import { lockView } from '../../store/views.ts'
import type { Work } from '../runtime.ts'

/** @throws DomainError `forbidden` where somebody else saved the view and the caller is no admin */
export async function lockOwnView(work: Work, id: number): Promise<SavedView> {
  const view = found(await lockView(work.tx, id), 'view', id)
  const { actor, role } = work.caller
  if (view.created_by === actor || grants(role, 'admin')) return view
  throw new DomainError(
    'forbidden',
    'view_owner',
    `“${view.name}” was saved by ${view.created_by}, who may change it, as may an admin; save it under another name instead.`,
  )
}
