import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { FlowRun } from '../../console/src/api/types.ts'
import { flowRunQuery, isOpen, nameOfFlow } from '../../console/src/flow-runs/flow-queries.ts'

const states = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const
const run = (state: FlowRun['state']) => ({ job_id: 'j', state }) as FlowRun

test('what has not ended is open, and only what is open is looked at again', () => {
  const client = new QueryClient()
  const looked = states.map((state) => {
    const options = flowRunQuery(state)
    client.setQueryData(options.queryKey, { ...run(state), modules: [] } as never)
    const observer = new QueryObserver(client, { ...options, enabled: false })
    const [query] = client.getQueryCache().findAll({ queryKey: options.queryKey })
    const { refetchInterval } = observer.options
    if (typeof refetchInterval !== 'function' || query === undefined) throw new Error('no query')
    return refetchInterval(query as never) !== false
  })
  expect(looked).toEqual([true, true, true, false, false, false])
  expect(states.map((state) => isOpen(run(state)))).toEqual(looked)
})

test('a flow is called by the last part of its path', () => {
  expect(nameOfFlow('f/devgodzilla/complete_sprint')).toBe('complete sprint')
  expect(nameOfFlow('')).toBe('part of a flow')
})
