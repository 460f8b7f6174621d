import type { Priority, Task } from '../api/types.ts'

/** The most pressing first. */
export const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low']

export const taskTypes: readonly Task['type'][] = ['story', 'bug', 'task', 'spike', 'epic']
