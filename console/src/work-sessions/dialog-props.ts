import type { Project, SessionActivity, SessionWithMemory } from '../api/types.ts'

/** What a question about a session is given. */
export interface SessionDialogProps {
  project: Project
  session: SessionWithMemory
  activity: SessionActivity
  onClose: () => void
}
