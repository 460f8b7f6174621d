import { Hono } from 'hono'
import { cronFault, timezoneFault, upcomingRuns } from '../triggers/cron.ts'
import type { KnownSchedule } from '../triggers/scheduler.ts'
import { demand, type Env } from './principal.ts'
import { badRequest, notFound } from './refusal.ts'
import { objectBody } from './request-body.ts'
import type { Services } from './services.ts'

const PREVIEWED = 5

/** The schedules of the workspace, and turning them on and off. */
export function scheduleRoutes({ machinery, scheduler }: Services) {
  const { workspace } = machinery

  const listed = ({ schedule, row, enabled }: KnownSchedule) => ({
    workspace_id: workspace,
    path: schedule.path,
    edited_by: row.edited_by ?? 'file',
    edited_at: row.edited_at,
    schedule: schedule.cron,
    timezone: schedule.timezone,
    enabled,
    script_path: schedule.script_path,
    is_flow: schedule.is_flow,
    summary: schedule.summary,
    extra_perms: {},
  })
  const whole = (known: KnownSchedule) => ({
    ...listed(known),
    args: known.schedule.args,
    description: known.schedule.description,
    no_flow_overlap: known.schedule.no_flow_overlap,
    paused_until: known.schedule.paused_until,
    cron_version: 'v2',
    error: known.row.error,
  })

  return new Hono<Env>()
    .get('/list', async (c) => c.json((await scheduler.list()).map(listed)))
    .get('/get/:path{.+}', async (c) => {
      const path = c.req.param('path')
      const known = (await scheduler.list()).find(({ schedule }) => schedule.path === path)
      if (!known) throw notFound(`schedule ${path} does not exist, or its file cannot be used`)
      return c.json(whole(known))
    })
    .get('/exists/:path{.+}', async (c) => {
      const path = c.req.param('path')
      return c.json((await scheduler.list()).some(({ schedule }) => schedule.path === path))
    })
    .post('/setenabled/:path{.+}', async (c) => {
      const principal = c.get('principal')
      demand(principal, 'turn schedules on and off')
      const path = c.req.param('path')
      const { enabled } = await objectBody(c)
      if (typeof enabled !== 'boolean') throw badRequest('enabled must be true or false')
      if (!(await scheduler.setEnabled(path, enabled, principal.name))) {
        throw notFound(`schedule ${path} does not exist, or its file cannot be used`)
      }
      return c.text(`schedule ${path} is ${enabled ? 'on' : 'off'}`)
    })
}

/** When a cron expression would come due next. */
export function previewRoute() {
  return new Hono<Env>().post('/preview', async (c) => {
    const { schedule, timezone } = await objectBody(c)
    if (typeof schedule !== 'string') throw badRequest('schedule must be a string')
    if (typeof timezone !== 'string') throw badRequest('timezone must be a string')
    const cron = cronFault(schedule)
    if (cron) throw badRequest(`schedule ${cron}`)
    const zone = timezoneFault(timezone)
    if (zone) throw badRequest(`timezone: ${zone}`)
    return c.json(upcomingRuns(schedule, timezone, new Date(), PREVIEWED))
  })
}
