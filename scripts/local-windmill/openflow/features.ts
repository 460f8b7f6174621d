/**
 * What each place in a flow may hold.
 * - `run`: the engine does it.
 * - `ignored`: it changes nothing here; `warned` the same, but the job's log says so.
 * Every other key is refused by its name, so that a flow never runs as something it is not.
 */
export type Features = { run: string[]; ignored?: string[]; warned?: string[] }

export const FLOW: Features = {
  run: ['value', 'schema', 'summary', 'description'],
  ignored: ['ws_error_handler_muted', 'visible_to_runner_only', 'labels'],
  warned: ['on_behalf_of_email', 'on_behalf_of', 'tag', 'priority', 'dedicated_worker', 'timeout'],
}

export const FLOW_VALUE: Features = {
  run: [
    'modules',
    'failure_module',
    'preprocessor_module',
    'early_return',
    'skip_expr',
    'flow_env',
    'concurrent_limit',
    'concurrency_key',
    'concurrency_time_window_s',
  ],
  ignored: ['notes', 'groups', 'cache_ignore_s3_path', 'preserve_step_tags'],
  warned: ['same_worker', 'cache_ttl', 'priority'],
}

export const MODULE: Features = {
  run: [
    'id',
    'value',
    'summary',
    'stop_after_if',
    'stop_after_all_iters_if',
    'skip_if',
    'sleep',
    'suspend',
    'timeout',
    'retry',
    'continue_on_error',
    'mock',
  ],
  ignored: ['cache_ignore_s3_path'],
  warned: ['cache_ttl', 'priority'],
}

export const SUSPEND: Features = {
  run: [
    'required_events',
    'timeout',
    'resume_form',
    'user_auth_required',
    'self_approval_disabled',
    'hide_cancel',
    'continue_on_disapprove_timeout',
  ],
  ignored: ['skin'],
}
export const STOP_AFTER_IF: Features = {
  run: ['expr', 'skip_if_stopped', 'error_message', 'error_include_result'],
}
export const MOCK: Features = { run: ['enabled', 'return_value'] }
export const SKIP_IF: Features = { run: ['expr'] }
export const RETRY: Features = { run: ['constant', 'exponential', 'retry_if'] }
export const RETRY_IF: Features = { run: ['expr'] }

const SCRIPT_WARNED = [
  'tag',
  'tag_override',
  'concurrent_limit',
  'concurrency_time_window_s',
  'custom_concurrency_key',
]

export const MODULE_VALUES: Record<string, Features> = {
  script: {
    run: ['type', 'path', 'input_transforms'],
    ignored: ['is_trigger', 'hash'],
    warned: SCRIPT_WARNED,
  },
  rawscript: {
    run: ['type', 'content', 'language', 'input_transforms'],
    ignored: ['path', 'lock', 'is_trigger', 'assets'],
    warned: SCRIPT_WARNED,
  },
  flow: { run: ['type', 'path', 'input_transforms'] },
  forloopflow: {
    run: ['type', 'modules', 'iterator', 'skip_failures', 'parallel', 'parallelism'],
  },
  // Squashed iterations share a process on Windmill; they do the same.
  whileloopflow: { run: ['type', 'modules', 'skip_failures'], warned: ['squash'] },
  branchone: { run: ['type', 'branches', 'default'] },
  branchall: { run: ['type', 'branches', 'parallel'] },
  identity: { run: ['type'], ignored: ['flow'] },
}
