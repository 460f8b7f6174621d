import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { FlowRun } from '../../console/src/api/types.ts'
import {
  flowRunQuery,
  flowRunsQuery,
  isOpen,
  nameOfFlow,
} from '../../console/src/flow-runs/flow-queries.ts'

const states = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const
const run = (state: FlowRun['state']) => ({ job_id: 'j', state }) as FlowRun

/** How long until these are looked at again, in ms; false where they are not. */
function interval(query: ReturnType<typeof flowRunQuery | typeof flowRunsQuery>, data: object) {
  const client = new QueryClient()
  client.setQueryData(query.queryKey, data as never)
  const [kept] = client.getQueryCache().findAll()
  const { refetchInterval } = query
  if (typeof refetchInterval !== 'function') throw new Error('looked at without a look at its data')
  return refetchInterval(kept as never)
}

test('what has not ended is open, and only what is open is looked at again', () => {
  const looked = states.map((state) => interval(flowRunQuery('j'), run(state)) !== false)
  expect(looked).toEqual([true, true, true, false, false, false])
  expect(states.map((state) => isOpen(run(state)))).toEqual(looked)
})

test('a list is looked at ten times as often while something on it is open', () => {
  const list = (state: FlowRun['state']) =>
    Number(interval(flowRunsQuery({}), { pages: [{ items: [run(state)] }], pageParams: [null] }))
  expect(list('completed')).toBe(10 * list('running'))
})

test('a flow is called by the last part of its path', () => {
  expect(nameOfFlow('f/devgodzilla/complete_sprint')).toBe('complete sprint')
  expect(nameOfFlow('')).toBe('part of a flow')
})
