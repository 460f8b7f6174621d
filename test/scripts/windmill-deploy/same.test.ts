import { describe, expect, it } from 'vitest'
import { isDeployed } from '../../../scripts/windmill-deploy/same.ts'
import { withDefaults } from '../../support/windmill-server/flow-defaults.ts'

const flow: { summary: string; value: { modules: Modules } } = {
  summary: 'All there is to fill in',
  value: {
    modules: [
      {
        id: 'a',
        timeout: 30,
        retry: { constant: { attempts: 2, seconds: 1 } },
        stop_after_if: { expr: 'result' },
        value: { type: 'script', path: 'f/x/y', input_transforms: {} },
      },
      { id: 'b', value: { type: 'forloopflow', parallelism: 2, iterator: {}, modules: [] } },
      { id: 'c', value: { type: 'whileloopflow', modules: [] } },
      { id: 'd', value: { type: 'branchall', branches: [{ modules: [] }] } },
      {
        id: 'e',
        value: { type: 'branchone', branches: [{ expr: 'x', modules: [] }], default: [] },
      },
    ],
  },
}

const changed = (change: (modules: Modules) => void) => {
  const copy = structuredClone(flow)
  change(copy.value.modules)
  return copy
}

type Modules = [Module, Module, Module, Module, Module]
type Module = { [key: string]: unknown; value: Record<string, unknown> }

it('takes a flow with every default written out for the one it was', () => {
  const there = withDefaults(flow)
  expect(there).not.toEqual(flow)
  expect(isDeployed(flow, there)).toBe(true)
  expect(isDeployed({ ...flow, tag: undefined }, there)).toBe(true)
})

describe('takes for another one what differs in', () => {
  it.each<[string, (modules: Modules) => void]>([
    ['a timeout', ([a]) => Object.assign(a, { timeout: 31 })],
    ['a timeout that is gone', ([a]) => delete a.timeout],
    ['a retry that is gone', ([a]) => delete a.retry],
    ['a condition', ([a]) => Object.assign(a, { stop_after_if: { expr: 'result.x' } })],
    ['a loop that runs at once', ([, b]) => Object.assign(b.value, { parallel: true })],
    ['a loop that stops at a failure', ([, b]) => Object.assign(b.value, { skip_failures: false })],
    ['a while loop that goes on', ([, , c]) => Object.assign(c.value, { skip_failures: true })],
    ['branches one by one', ([, , , d]) => Object.assign(d.value, { parallel: false })],
    [
      'a branch that must not fail',
      ([, , , d]) => Object.assign(d.value, { branches: [{ modules: [], skip_failure: false }] }),
    ],
    ['the order of modules', (modules) => modules.reverse()],
    ['a module more', (modules) => modules.push(modules[0])],
  ])('%s', (_, change) => {
    expect(isDeployed(changed(change), withDefaults(flow))).toBe(false)
    expect(isDeployed(flow, withDefaults(changed(change)))).toBe(false)
  })
})
