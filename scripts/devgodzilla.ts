import { addDelegation } from './cli/delegation.ts'
import { addFlow } from './cli/flow.ts'
import { addMcp } from './cli/mcp.ts'
import { addMigrateSprints } from './cli/migrate-sprints.ts'
import { clientProgram, runProgram } from './cli/program.ts'
import { addSpecKit } from './cli/speckit.ts'
import { addStart } from './cli/start.ts'
import { addWindmill } from './cli/windmill.ts'

const program = clientProgram(process.argv[2])
addStart(program)
addFlow(program)
addDelegation(program)
addSpecKit(program)
addMigrateSprints(program)
addWindmill(program)
addMcp(program)

await runProgram(program)
