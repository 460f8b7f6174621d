import type { Task } from '../api/types.ts'

/** What people call a card: its id in tasks.md, else its code. */
export const shortId = (task: Task): string => task.external_id ?? task.code
