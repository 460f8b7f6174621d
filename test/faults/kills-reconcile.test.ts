import { holdUnderKills } from './support/hold-under-kills.ts'

await holdUnderKills(['reconcile_specs'])
