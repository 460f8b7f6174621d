import type { Json, JsonObject } from '../json.ts'

/** The part of OpenFlow that this engine runs. `check-flow.ts` refuses the rest by name. */
export type OpenFlow = {
  summary?: string
  description?: string
  schema?: ArgumentSchema
  value: FlowValue
}

/** Of a flow, or a script's metadata. */
export type Limits = {
  concurrent_limit?: number
  concurrency_key?: string
  concurrency_time_window_s?: number
}

export type FlowValue = Limits & {
  modules: FlowModule[]
  failure_module?: FlowModule
  /** Makes the arguments of a flow that an event began. */
  preprocessor_module?: FlowModule
  /** The id of the module whose result those get who wait; the flow goes on behind it. */
  early_return?: string
  /** Truthy: nothing of the flow runs. */
  skip_expr?: string
  /** What expressions see as flow_env; values may name variables and resources. */
  flow_env?: JsonObject
}

export type FlowModule = {
  id: string
  summary?: string
  value: ModuleValue
  stop_after_if?: StopAfterIf
  /** Of a loop or branchall: seen once, with all results. */
  stop_after_all_iters_if?: StopAfterIf
  skip_if?: { expr: string }
  sleep?: InputTransform
  /** Behind the module, before its sleep. */
  suspend?: Suspend
  timeout?: number | InputTransform
  retry?: Retry
  continue_on_error?: boolean
  /** Enabled, its value is the module's result, and nothing runs. */
  mock?: { enabled?: boolean; return_value?: Json }
}

/** Waits for people. A refusal, or no approval in time, fails the flow. */
export type Suspend = {
  required_events?: number
  /** In seconds; half an hour where it is left out. */
  timeout?: number | InputTransform
  resume_form?: { schema?: ArgumentSchema }
  /** Only those who are logged in may answer. */
  user_auth_required?: boolean
  /** Not the one who started the flow, unless an admin. */
  self_approval_disabled?: boolean
  hide_cancel?: boolean
  /** A refusal or timeout becomes the last of `resumes`, and the flow goes on. */
  continue_on_disapprove_timeout?: boolean
}

export type StopAfterIf = {
  expr: string
  skip_if_stopped?: boolean
  /** Stops with this error; an empty one stands for a usual text. */
  error_message?: string | null
  /** Puts the step's own result into that error, as `result`. */
  error_include_result?: boolean
}

export type ModuleValue =
  | PathScript
  | RawScript
  | PathFlow
  | ForloopFlow
  | WhileloopFlow
  | BranchOne
  | BranchAll
  | Identity

export type ModuleKind = ModuleValue['type']

export type InputTransforms = Record<string, InputTransform>
export type InputTransform = { type: 'static'; value?: Json } | { type: 'javascript'; expr: string }

export type PathScript = { type: 'script'; path: string; input_transforms: InputTransforms }
export type RawScript = {
  type: 'rawscript'
  content: string
  language: 'bun'
  /** Where relative imports start: the file it came from, below the workspace's root. */
  file?: string
  input_transforms: InputTransforms
}
export type PathFlow = { type: 'flow'; path: string; input_transforms: InputTransforms }
export type ForloopFlow = {
  type: 'forloopflow'
  modules: FlowModule[]
  iterator: InputTransform
  skip_failures?: boolean
  parallel?: boolean
  parallelism?: number | InputTransform
}
/** Runs until a stop_after_if, of the loop or of a module inside, ends it. */
export type WhileloopFlow = {
  type: 'whileloopflow'
  modules: FlowModule[]
  skip_failures?: boolean
}
export type BranchOne = {
  type: 'branchone'
  branches: { summary?: string; expr: string; modules: FlowModule[] }[]
  default: FlowModule[]
}
export type BranchAll = {
  type: 'branchall'
  branches: { summary?: string; skip_failure?: boolean; modules: FlowModule[] }[]
  parallel?: boolean
}
export type Identity = { type: 'identity' }

export type Retry = {
  constant?: { attempts?: number; seconds?: number }
  exponential?: { attempts?: number; multiplier?: number; seconds?: number; random_factor?: number }
  retry_if?: { expr: string }
}

/** The JSON schema of a script's or flow's arguments, as Windmill keeps it in the metadata. */
export type ArgumentSchema = {
  properties?: Record<string, ArgumentProperty>
  required?: string[]
}

export type ArgumentProperty = {
  type?: string | string[]
  format?: string
  enum?: Json[]
  items?: ArgumentProperty
  properties?: Record<string, ArgumentProperty>
  required?: string[]
  nullable?: boolean
  default?: Json
}
