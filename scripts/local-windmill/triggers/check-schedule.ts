import { isObject, type JsonObject } from '../json.ts'
import type { Features } from '../openflow/features.ts'
import { cronFault, timezoneFault } from './cron.ts'
import { type Checked, checkKeys, type Fault } from './fault.ts'

/** A schedule as its file has it. */
export type Schedule = {
  path: string
  cron: string
  timezone: string
  script_path: string
  is_flow: boolean
  args: JsonObject
  enabled: boolean
  /** A run that comes due while the one before still runs is left out. */
  no_flow_overlap: boolean
  paused_until: Date | null
  summary: string
  description: string
}

const FEATURES: Features = {
  run: [
    'schedule',
    'timezone',
    'script_path',
    'is_flow',
    'args',
    'enabled',
    'no_flow_overlap',
    'paused_until',
    'summary',
    'description',
    'cron_version',
  ],
  ignored: ['labels', 'inherited_labels', 'draft_only', 'is_draft', 'ws_error_handler_muted'],
  // Handlers are Windmill's Enterprise edition's; the job itself runs without them.
  warned: [
    'on_failure',
    'on_failure_times',
    'on_failure_exact',
    'on_failure_extra_args',
    'on_recovery',
    'on_recovery_times',
    'on_recovery_extra_args',
    'on_success',
    'on_success_extra_args',
    'tag',
  ],
}

/** Reads a parsed `*.schedule.yaml`. */
export function checkSchedule(path: string, document: unknown): Checked<Schedule> {
  if (!isObject(document)) {
    return { value: null, faults: [shape('', 'the file is not a mapping')], warnings: [] }
  }
  const { faults, warnings } = checkKeys(document, FEATURES, ['retry', 'dynamic_skip'])
  for (const field of ['schedule', 'timezone', 'script_path']) {
    if (typeof document[field] !== 'string') faults.push(shape(field, 'must be a string'))
  }
  for (const field of ['is_flow', 'enabled']) {
    if (typeof document[field] !== 'boolean') faults.push(shape(field, 'must be true or false'))
  }
  if (document.args != null && !isObject(document.args)) {
    faults.push(shape('args', 'must be a mapping'))
  }
  const { schedule, timezone, cron_version, paused_until } = document
  const cron = typeof schedule === 'string' ? cronFault(schedule) : undefined
  if (cron) faults.push({ field: 'schedule', rule: 'cron', message: cron })
  const zone = typeof timezone === 'string' ? timezoneFault(timezone) : undefined
  if (zone) faults.push({ field: 'timezone', rule: 'time-zone', message: zone })
  if (cron_version != null && cron_version !== 'v2') {
    faults.push({ field: 'cron_version', rule: 'unsupported', message: 'is supported as v2 alone' })
  }
  if (paused_until != null && Number.isNaN(Date.parse(String(paused_until)))) {
    faults.push(shape('paused_until', 'must be a date and time (ISO 8601)'))
  }
  if (faults.length > 0) return { value: null, faults, warnings }
  const value: Schedule = {
    path,
    cron: String(schedule),
    timezone: String(timezone),
    script_path: String(document.script_path),
    is_flow: document.is_flow === true,
    args: isObject(document.args) ? document.args : {},
    enabled: document.enabled === true,
    no_flow_overlap: document.no_flow_overlap === true,
    paused_until: paused_until == null ? null : new Date(String(paused_until)),
    summary: String(document.summary ?? ''),
    description: String(document.description ?? ''),
  }
  return { value, faults, warnings }
}

const shape = (field: string, message: string): Fault => ({ field, rule: 'shape', message })
