import { isObject, type Json, type JsonObject } from '../json.ts'
import {
  type Features,
  FLOW,
  FLOW_VALUE,
  MOCK,
  MODULE,
  MODULE_VALUES,
  RETRY,
  RETRY_IF,
  SKIP_IF,
  STOP_AFTER_IF,
  SUSPEND,
} from './features.ts'
import { limitProblems } from './limits.ts'
import type { OpenFlow } from './types.ts'

export type CheckedFlow = { flow: OpenFlow; warnings: string[] }

/** A flow that cannot be run here, and everything that stands in the way. */
export class FlowRefused extends Error {
  readonly reasons: string[]

  constructor(path: string, reasons: string[]) {
    super(`flow ${path} cannot run: ${reasons.join('; ')}`)
    this.name = 'FlowRefused'
    this.reasons = reasons
  }
}

const MODULE_ID = /^[A-Za-z_][\w-]*$/

/** Reads a parsed flow.yaml. @throws FlowRefused naming every feature that this engine lacks. */
export function checkFlow(path: string, document: unknown): CheckedFlow {
  const check = new FlowCheck()
  check.flow(document)
  if (check.reasons.length > 0) throw new FlowRefused(path, check.reasons)
  return { flow: document as OpenFlow, warnings: check.warnings }
}

class FlowCheck {
  readonly reasons: string[] = []
  readonly warnings: string[] = []
  readonly #ids = new Set<string>()

  flow(document: unknown) {
    if (!isObject(document)) return this.#refuse('flow.yaml', 'is not a mapping')
    this.#keys('the flow', document, FLOW)
    const { value } = document
    if (!isObject(value)) return this.#refuse('the flow', 'has no value')
    this.#keys('the flow', value, FLOW_VALUE)
    this.#modules('the flow', value.modules)
    this.#earlyReturn(value)
    this.#environment(value)
    this.reasons.push(...limitProblems('the flow', value))
    if (value.failure_module != null) this.#module(value.failure_module, 'the failure module')
    if (value.preprocessor_module != null) this.#preprocessor(value.preprocessor_module)
  }

  #earlyReturn({ early_return: id, modules }: JsonObject) {
    if (id == null || id === '') return
    const own = Array.isArray(modules) ? modules.filter(isObject) : []
    if (own.some((module) => module.id === id)) return
    this.#refuse('early_return', `must be the id of a module of the flow itself, not ${show(id)}`)
  }

  #environment({ skip_expr, flow_env }: JsonObject) {
    if (skip_expr != null && typeof skip_expr !== 'string') {
      this.#refuse('skip_expr', `must be an expression, not ${show(skip_expr)}`)
    }
    if (flow_env != null && !isObject(flow_env)) this.#refuse('flow_env', 'is not a mapping')
  }

  #preprocessor(module: Json) {
    this.#module(module, 'the preprocessor module')
    if (!isObject(module)) return
    if (module.id !== 'preprocessor') {
      this.#refuse(
        'the preprocessor module',
        `must have the id preprocessor, not ${show(module.id)}`,
      )
    }
    if (!runsCode(module)) this.#refuse('the preprocessor module', 'must be a script or rawscript')
  }

  #modules(where: string, modules: Json | undefined) {
    if (!Array.isArray(modules)) return this.#refuse(where, 'has no list of modules')
    for (const [index, module] of modules.entries()) {
      this.#module(module, `module ${index + 1} of ${where}`)
    }
  }

  #module(module: Json, position: string) {
    if (!isObject(module)) return this.#refuse(position, 'is not a mapping')
    const { id } = module
    if (typeof id !== 'string' || !MODULE_ID.test(id)) {
      return this.#refuse(position, `needs an id of letters, digits, _ or -, not ${show(id)}`)
    }
    const where = `module ${id}`
    if (this.#ids.has(id)) this.#refuse(where, 'has an id that an earlier module has')
    this.#ids.add(id)
    this.#keys(where, module, MODULE)
    this.#expr(`stop_after_if of ${where}`, module.stop_after_if, STOP_AFTER_IF)
    this.#expr(`stop_after_all_iters_if of ${where}`, module.stop_after_all_iters_if, STOP_AFTER_IF)
    this.#expr(`skip_if of ${where}`, module.skip_if, SKIP_IF)
    this.#transform(`sleep of ${where}`, module.sleep)
    if (typeof module.timeout !== 'number') this.#transform(`timeout of ${where}`, module.timeout)
    this.#retry(where, module.retry)
    this.#mock(`mock of ${where}`, module.mock)
    this.#suspend(`suspend of ${where}`, module.suspend)
    this.#value(where, module.value)
    this.#warnOfIdleStops(where, module)
    this.#refuseEmptyRounds(where, module)
    if (module.timeout != null && !runsCode(module)) {
      this.warnings.push(`timeout of ${where} has no effect: it bounds scripts alone`)
    }
  }

  #refuseEmptyRounds(where: string, { value, stop_after_if }: JsonObject) {
    if (!isObject(value) || value.type !== 'whileloopflow' || stop_after_if != null) return
    if (Array.isArray(value.modules) && value.modules.length === 0) {
      this.#refuse(where, 'would never end: it is a while loop without modules or stop_after_if')
    }
  }

  /** Windmill looks at each stop condition in some kinds of modules alone. */
  #warnOfIdleStops(where: string, { value, stop_after_if, stop_after_all_iters_if }: JsonObject) {
    const { type, parallel } = isObject(value) ? value : {}
    const loop = type === 'forloopflow' || type === 'whileloopflow'
    if (stop_after_if != null && (type === 'branchall' || (loop && parallel === true))) {
      this.warnings.push(`stop_after_if of ${where} has no effect: its parts run side by side`)
    }
    if (stop_after_all_iters_if != null && !loop && type !== 'branchall') {
      this.warnings.push(`stop_after_all_iters_if of ${where} has no effect: it is no loop`)
    }
  }

  #value(where: string, value: Json | undefined) {
    if (!isObject(value)) return this.#refuse(where, 'has no value')
    const { type } = value
    const features = typeof type === 'string' ? MODULE_VALUES[type] : undefined
    if (!features) return this.#refuse(where, `is of type ${show(type)}, which is not supported`)
    this.#keys(where, value, features)
    if ('input_transforms' in value) this.#transforms(where, value.input_transforms)
    if (type === 'script' || type === 'flow') {
      if (typeof value.path !== 'string') this.#refuse(where, 'has no path')
      else if (value.path.startsWith('hub/')) this.#refuse(where, 'runs a script of the hub')
    }
    if (type === 'rawscript') this.#rawScript(where, value)
    if (type === 'forloopflow') this.#forloop(where, value)
    if (type === 'whileloopflow') this.#modules(where, value.modules)
    if (type === 'branchone' || type === 'branchall') this.#branches(where, value)
  }

  #rawScript(where: string, value: JsonObject) {
    if (value.language !== 'bun') {
      this.#refuse(where, `is written in ${show(value.language)}, and only bun is supported`)
    }
    if (typeof value.content !== 'string') this.#refuse(where, 'has no content')
  }

  #forloop(where: string, value: JsonObject) {
    if (value.iterator == null) this.#refuse(where, 'has no iterator')
    this.#transform(`iterator of ${where}`, value.iterator)
    if (typeof value.parallelism !== 'number') {
      this.#transform(`parallelism of ${where}`, value.parallelism)
    }
    this.#modules(where, value.modules)
  }

  #branches(where: string, value: JsonObject) {
    if (!Array.isArray(value.branches)) return this.#refuse(where, 'has no list of branches')
    const one = value.type === 'branchone'
    const known = { run: ['modules', one ? 'expr' : 'skip_failure'], ignored: UI_ONLY }
    for (const [index, branch] of value.branches.entries()) {
      const name = `branch ${index + 1} of ${where}`
      if (!isObject(branch)) {
        this.#refuse(name, 'is not a mapping')
        continue
      }
      this.#keys(name, branch, known)
      if (one && typeof branch.expr !== 'string') this.#refuse(name, 'has no expr')
      this.#modules(name, branch.modules)
    }
    if (one) this.#modules(`the default branch of ${where}`, value.default)
  }

  #transforms(where: string, transforms: Json | undefined) {
    if (!isObject(transforms))
      return this.#refuse(where, 'has input_transforms that are no mapping')
    for (const [name, transform] of Object.entries(transforms)) {
      this.#transform(`input ${name} of ${where}`, transform)
    }
  }

  #transform(where: string, transform: Json | undefined) {
    if (transform == null) return
    const type = isObject(transform) ? transform.type : transform
    if (isObject(transform) && type === 'static') return
    if (isObject(transform) && type === 'javascript' && typeof transform.expr === 'string') return
    this.#refuse(where, `must be static or javascript, not ${show(type)}`)
  }

  #expr(where: string, value: Json | undefined, features: Features) {
    if (value == null) return
    if (!isObject(value) || typeof value.expr !== 'string') {
      return this.#refuse(where, 'has no expr')
    }
    this.#keys(where, value, features)
  }

  #retry(where: string, retry: Json | undefined) {
    if (retry == null) return
    if (!isObject(retry)) return this.#refuse(`retry of ${where}`, 'is not a mapping')
    this.#keys(`retry of ${where}`, retry, RETRY)
    this.#expr(`retry_if of ${where}`, retry.retry_if, RETRY_IF)
  }

  #suspend(where: string, suspend: Json | undefined) {
    // One that waits for nothing is Windmill's way to say "none".
    if (suspend == null || (isObject(suspend) && !suspend.required_events)) return
    if (!isObject(suspend)) return this.#refuse(where, 'is not a mapping')
    const { required_events, timeout, user_groups_required: groups, ...rest } = suspend
    this.#keys(where, rest, SUSPEND)
    if (!Number.isInteger(required_events) || Number(required_events) < 0) {
      this.#refuse(
        where,
        `needs required_events to be a whole number, not ${show(required_events)}`,
      )
    }
    if (typeof timeout !== 'number') this.#transform(`timeout of ${where}`, timeout)
    const nobody = isObject(groups) && groups.type === 'static' && isUnset(groups.value ?? null)
    if (groups != null && !nobody) {
      this.#refuse(where, 'uses user_groups_required, which is not supported')
    }
  }

  #mock(where: string, mock: Json | undefined) {
    if (mock == null) return
    if (!isObject(mock)) return this.#refuse(where, 'is not a mapping')
    this.#keys(where, mock, MOCK)
    const { enabled = false } = mock
    if (enabled !== null && typeof enabled !== 'boolean') {
      this.#refuse(where, `needs enabled to be true or false, not ${show(enabled)}`)
    }
  }

  /** Refuses what `features` does not name; keys that say nothing (null, false, empty) pass. */
  #keys(where: string, value: JsonObject, features: Features): void {
    for (const [key, content] of Object.entries(value)) {
      if (features.run.includes(key) || features.ignored?.includes(key)) continue
      if (isUnset(content)) continue
      if (features.warned?.includes(key))
        this.warnings.push(`${key} of ${where} has no effect here`)
      else this.#refuse(where, `uses ${key}, which is not supported`)
    }
  }

  #refuse(where: string, what: string): void {
    this.reasons.push(`${where} ${what}`)
  }
}

const UI_ONLY = ['summary', 'parallel', 'skip_failure']

function runsCode({ value }: JsonObject): boolean {
  return isObject(value) && ['script', 'rawscript'].includes(String(value.type))
}

function isUnset(value: Json): boolean {
  if (value == null || value === false || value === 0 || value === '') return true
  return Array.isArray(value) && value.length === 0
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
