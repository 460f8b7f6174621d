import type { Engine } from '../engine.ts'
import type { Machinery } from '../flow/job-run.ts'

/** What the routes work with. */
export type Services = { machinery: Machinery; engine: Engine; maxBodyBytes: number }
