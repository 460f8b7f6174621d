import { join } from 'node:path'
import { StepFailure } from '../job-error.ts'
import type { Json } from '../json.ts'
import type { PathScript, RawScript } from '../openflow/types.ts'
import type { StepRow } from '../store/steps.ts'
import { evaluateOne } from './inputs.ts'
import { type Outcome, succeeded } from './outcome.ts'
import type { Placed } from './placed.ts'
import { runScript, type ScriptCall } from './run-script.ts'

export async function performPathScript(
  placed: Placed,
  value: PathScript,
  row: StepRow,
  previous: Json,
): Promise<Outcome> {
  const { machinery } = placed.run
  const script = await machinery.files.script(value.path)
  if (!script) throw new StepFailure('NotFound', `script ${value.path} does not exist`)
  return call(placed, row, previous, {
    source: { kind: 'file', name: value.path, file: script.file },
    transforms: value.input_transforms,
    timeoutSeconds: script.timeoutSeconds ?? machinery.defaultTimeoutSeconds,
  })
}

export async function performRawScript(
  placed: Placed,
  value: RawScript,
  row: StepRow,
  previous: Json,
): Promise<Outcome> {
  const { machinery } = placed.run
  return call(placed, row, previous, {
    source: {
      kind: 'inline',
      name: `${placed.scope.flowPath}/${placed.module.id}`,
      content: value.content,
      file: value.file ?? join(machinery.files.root, `${placed.scope.flowPath}.ts`),
    },
    transforms: value.input_transforms,
    timeoutSeconds: machinery.defaultTimeoutSeconds,
  })
}

async function call(
  placed: Placed,
  row: StepRow,
  previous: Json,
  script: Pick<ScriptCall, 'source' | 'transforms' | 'timeoutSeconds'>,
): Promise<Outcome> {
  const { run, scope, module } = placed
  const { preprocessing } = scope
  const result = await runScript(run, {
    ...script,
    ...(preprocessing && { entrypoint: 'preprocessor', transforms: {} }),
    timeoutSeconds: (await stepTimeout(placed, previous)) ?? script.timeoutSeconds,
    args: row.args ?? {},
    id: row.id,
    flow: { id: scope.id, path: scope.flowPath, stepId: module.id },
  })
  return succeeded(result)
}

async function stepTimeout(placed: Placed, previous: Json): Promise<number | undefined> {
  const { run, scope, module } = placed
  const { timeout } = module
  if (timeout === undefined || timeout === null) return undefined
  const seconds =
    typeof timeout === 'number'
      ? timeout
      : await evaluateOne(run, scope, 'timeout', timeout, { previous_result: previous })
  if (typeof seconds === 'number' && seconds > 0) return seconds
  if (seconds === null || seconds === 0) return undefined
  throw new StepFailure(
    'TimeoutError',
    `timeout must be a number of seconds, not ${JSON.stringify(seconds)}`,
  )
}
