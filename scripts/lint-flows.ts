import { fileURLToPath } from 'node:url'
import { lintWorkspace } from './lint-flows/lint-workspace.ts'
import { show } from './lint-flows/problem.ts'

/** Checks what Windmill will be given; `tsx scripts/lint-flows.ts [FOLDER]`. */
const root = process.argv[2] ?? fileURLToPath(new URL('../', import.meta.url))
const { problems, flows, scripts } = await lintWorkspace(root)
for (const problem of problems) console.log(show(problem))
console.log(`${flows} flows and ${scripts} scripts: ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
