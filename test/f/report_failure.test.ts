import { expect, it, vi } from 'vitest'
import { main } from '../../f/devgodzilla/report_failure.ts'

it('says which flow failed where, and why', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const error = { name: 'ApiRefused', message: 'no such sprint', step_id: 'read' }
  const report = await main('f/devgodzilla/sync_tasks_to_sprint', error)
  expect(report).toEqual({
    error: {
      name: 'ApiRefused',
      message: 'f/devgodzilla/sync_tasks_to_sprint failed at step read: no such sprint',
      step_id: 'read',
      flow: 'f/devgodzilla/sync_tasks_to_sprint',
      retried: false,
    },
  })
  expect(report).not.toHaveProperty('recover')
  expect(log).toHaveBeenCalledWith(report.error.message)
  const unavailable = await main('f', { ...error, name: 'ApiUnavailable' })
  expect(unavailable.error.retried).toBe(true)
})
