import { holdUnderKills } from './support/hold-under-kills.ts'

await holdUnderKills(['spec_to_tasks', 'speckit_hook'])
