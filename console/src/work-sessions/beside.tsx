import type { Project } from '../api/types.ts'
import { closePeek, peekedOf } from '../peek/address.ts'
import { TaskPeek } from '../peek/task-peek.tsx'
import { useLocation } from '../routing/location.ts'

/** The card that the address names, beside the page. */
export function TaskBeside({ project }: { project: Project }) {
  const { query } = useLocation()
  const code = peekedOf(query)
  if (code === null) return null
  return <TaskPeek key={code} project={project} code={code} onClose={closePeek} />
}
