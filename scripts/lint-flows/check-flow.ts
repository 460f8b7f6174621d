import { checkCall, checkPreprocessor } from './check-call.ts'
import { checkExpression, checkTransform } from './check-transform.ts'
import { type Fields, fieldsOf, isFields, listOf, textOf } from './json.ts'
import { knownKeys } from './known-keys.ts'
import { names, type Report } from './problem.ts'
import { inner, type Scope, topScope } from './scope.ts'
import type { Workspace } from './workspace.ts'

/** Walks a flow the way Windmill runs it, and reports what would go wrong on the way. */
export function checkFlow(workspace: Workspace, file: string, report: Report): void {
  const flow = fieldsOf(workspace.documents.get(file))
  const check = new FlowCheck(workspace, file, report)
  check.keys('', flow, knownKeys.flow)
  const { properties } = fieldsOf(flow.schema)
  checkForm(flow.schema, report)
  const scope = topScope(isFields(properties) ? new Set(Object.keys(properties)) : undefined)
  const value = fieldsOf(flow.value)
  check.keys('', value, knownKeys.value)
  check.modules(listOf(value.modules), scope)
  if (value.failure_module) check.module(value.failure_module, inner(scope, { names: ['error'] }))
  else report('', 'failure-module', 'has none: add one, so that a failure ends in one clear report')
  checkEarlyReturn(value, report)
  if (value.preprocessor_module) check.preprocessor(value.preprocessor_module)
  if (value.skip_expr != null) {
    const early = inner(scope, { names: ['WM_SCHEDULED_FOR'] })
    checkExpression(workspace, textOf(value.skip_expr), early, 'skip_expr', report)
  }
}

/** Those who wait are answered when this module ends: it must be one that the flow itself runs. */
function checkEarlyReturn({ early_return, modules }: Fields, report: Report): void {
  const ids = listOf(modules).map((module) => textOf(fieldsOf(module).id))
  if (early_return === undefined || ids.includes(textOf(early_return))) return
  report(
    'early_return',
    'unknown-module',
    `there is no module ${textOf(early_return)} in the flow itself: there is ${names(ids)}`,
  )
}

/** The schema is what people fill in: it must hang together. */
function checkForm(schema: unknown, report: Report): void {
  const { properties, order, required } = fieldsOf(schema)
  const declared = Object.keys(fieldsOf(properties))
  const listed = [...listOf(order), ...listOf(required)].map(String)
  for (const name of new Set(listed.filter((it) => !declared.includes(it)))) {
    report(
      name,
      'flow-schema',
      `is in order or required, and no property: there is ${names(declared)}`,
    )
  }
  if (!Array.isArray(order)) return
  for (const name of declared.filter((it) => !order.includes(it))) {
    report(name, 'flow-schema', 'is not in order: add it, to give it its place in the form')
  }
}

class FlowCheck {
  readonly #workspace: Workspace
  readonly #file: string
  readonly #report: Report
  readonly #ids = new Set<string>()

  constructor(workspace: Workspace, file: string, report: Report) {
    this.#workspace = workspace
    this.#file = file
    this.#report = report
  }

  modules(modules: unknown[], scope: Scope): void {
    for (const module of modules) {
      const id = this.module(module, scope)
      scope.earlier.add(id)
    }
  }

  /** @returns the id of the module */
  module(document: unknown, scope: Scope): string {
    const module = fieldsOf(document)
    const id = textOf(module.id)
    if (this.#ids.has(id)) {
      this.#report(id, 'duplicate-id', 'an earlier module has this id: give each its own')
    }
    this.#ids.add(id)
    this.keys(id, module, knownKeys.module)
    this.#conditions(id, module, scope)
    this.#value(id, fieldsOf(module.value), scope)
    return id
  }

  preprocessor(document: unknown): void {
    const module = fieldsOf(document)
    this.keys('preprocessor', module, knownKeys.module)
    this.#conditions('preprocessor', module, topScope(undefined))
    checkPreprocessor(this.#workspace, this.#file, fieldsOf(module.value), this.#report)
  }

  #conditions(id: string, module: Fields, scope: Scope): void {
    const { skip_if, stop_after_if, stop_after_all_iters_if, retry, sleep, timeout } = module
    const check = (expr: unknown, where: Scope) =>
      checkExpression(this.#workspace, textOf(expr), where, id, this.#report)
    this.keys(id, fieldsOf(skip_if), knownKeys.skipIf)
    this.keys(id, fieldsOf(retry), knownKeys.retry)
    this.keys(id, fieldsOf(module.mock), knownKeys.mock)
    this.keys(id, fieldsOf(module.suspend), knownKeys.suspend)
    this.keys(id, fieldsOf(fieldsOf(retry).retry_if), knownKeys.retryIf)
    if (isFields(skip_if)) check(skip_if.expr, scope)
    const after = inner(scope, { names: ['result', 'all_iters', 'error'] })
    after.earlier.add(id)
    for (const stop of [stop_after_if, stop_after_all_iters_if].filter(isFields)) {
      this.keys(id, stop, knownKeys.stopAfterIf)
      check(stop.expr, after)
    }
    const retryIf = fieldsOf(retry).retry_if
    if (isFields(retryIf)) check(retryIf.expr, after)
    if (fieldsOf(timeout).type === 'static') {
      const message =
        'write a fixed timeout as its number: servers before expressions take no other'
      this.#report(id, 'fixed-timeout', message)
    }
    for (const transform of [sleep, timeout]) {
      checkTransform(this.#workspace, transform, scope, id, this.#report)
    }
  }

  #value(id: string, value: Fields, scope: Scope): void {
    const type = textOf(value.type)
    const known = knownKeys.moduleValue.get(type)
    // An unknown type is told by the validator.
    if (known) this.keys(id, value, known)
    for (const [name, transform] of Object.entries(fieldsOf(value.input_transforms))) {
      checkTransform(this.#workspace, transform, scope, `${id}.${name}`, this.#report)
    }
    if (type === 'script' || type === 'flow' || type === 'rawscript') {
      checkCall(this.#workspace, this.#file, id, value, this.#report)
    }
    if (type === 'forloopflow') {
      checkTransform(this.#workspace, value.iterator, scope, `${id}.iterator`, this.#report)
    }
    if (type === 'forloopflow' || type === 'whileloopflow') {
      const body = inner(scope, { input: ['iter', 'iter_parent'] })
      // A while loop hands its state on: each round sees what the one before it left.
      const own = type === 'whileloopflow' ? listOf(value.modules).map(fieldsOf) : []
      for (const { id: mine } of own) body.earlier.add(textOf(mine))
      this.modules(listOf(value.modules), body)
    }
    for (const branch of listOf(value.branches).map(fieldsOf)) {
      this.keys(id, branch, knownKeys.branch)
      if (type === 'branchone') {
        checkExpression(this.#workspace, textOf(branch.expr), scope, id, this.#report)
      }
      this.modules(listOf(branch.modules), inner(scope))
    }
    if (type === 'branchone') this.modules(listOf(value.default), inner(scope))
  }

  keys(where: string, value: Fields, known: Set<string>): void {
    for (const key of Object.keys(value)) {
      if (known.has(key)) continue
      this.#report(
        where,
        'unknown-key',
        `Windmill does not know ${key} here: it knows ${names(known)}`,
      )
    }
  }
}
