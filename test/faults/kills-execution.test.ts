import { holdUnderKills } from './support/hold-under-kills.ts'

await holdUnderKills(['execute_protocol'])
