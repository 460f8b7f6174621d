import { holdUnderKills } from './support/hold-under-kills.ts'

await holdUnderKills(['sprint_from_protocol', 'sync_tasks_to_sprint', 'complete_sprint'])
