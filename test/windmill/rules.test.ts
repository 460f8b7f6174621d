import './rules/branches.ts'
import './rules/concurrency.ts'
import './rules/errors.ts'
import './rules/loops.ts'
import './rules/preprocessor.ts'
import './rules/results.ts'
import './rules/scripts.ts'
import './rules/stops.ts'
import './rules/suspend.ts'
import './rules/triggers.ts'
import './rules/webhooks.ts'
import { onOneServer } from './support/rule.ts'

onOneServer()
