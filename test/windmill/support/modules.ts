import type { FlowModule, FlowModuleValue, InputTransform } from 'windmill-client'

/** A number is a timeout for every version; newer ones take a transform as well. */
type Rest = Omit<Partial<FlowModule>, 'id' | 'value' | 'timeout'> & { timeout?: number }

/** Strings that start with `=` are expressions; all else is fixed. */
export function transform(input: unknown): InputTransform {
  return typeof input === 'string' && input.startsWith('=')
    ? { type: 'javascript', expr: input.slice(1) }
    : { type: 'static', value: input }
}

type Inputs = Record<string, unknown>

const transforms = (inputs: Inputs) =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, transform(input)]))

const module = (id: string, value: FlowModuleValue, rest: Rest): FlowModule =>
  ({ id, value, ...rest }) as FlowModule

/** A step that runs a script by its path. */
export const step = (id: string, path: string, inputs: Inputs = {}, rest: Rest = {}) =>
  module(id, { type: 'script', path, input_transforms: transforms(inputs) }, rest)

/** A step whose code stands in the flow. */
export const code = (id: string, content: string, inputs: Inputs = {}, rest: Rest = {}) =>
  module(
    id,
    { type: 'rawscript', language: 'bun', content, input_transforms: transforms(inputs) },
    rest,
  )

/** A step that runs another flow. */
export const subflow = (id: string, path: string, inputs: Inputs = {}, rest: Rest = {}) =>
  module(id, { type: 'flow', path, input_transforms: transforms(inputs) }, rest)

export const identity = (id: string, rest: Rest = {}) => module(id, { type: 'identity' }, rest)

type Loop = { skip_failures?: boolean; parallel?: boolean; parallelism?: number }

export const loop = (
  id: string,
  iterator: unknown,
  modules: FlowModule[],
  how: Loop = {},
  rest: Rest = {},
) =>
  module(
    id,
    {
      ...{ type: 'forloopflow', iterator: transform(iterator), modules },
      ...{ skip_failures: false, parallel: false, ...how },
    } as FlowModuleValue,
    rest,
  )

export const whileLoop = (id: string, modules: FlowModule[], rest: Rest = {}) =>
  module(id, { type: 'whileloopflow', modules, skip_failures: false }, rest)

/** Branches by their condition; the one called `default` is taken where none holds. */
export const branchOne = (
  id: string,
  { default: otherwise = [], ...branches }: Record<string, FlowModule[]>,
  rest: Rest = {},
) =>
  module(
    id,
    {
      type: 'branchone',
      branches: Object.entries(branches).map(([expr, modules]) => ({ expr, modules })),
      default: otherwise,
    },
    rest,
  )

type Branch = { modules: FlowModule[]; skip_failure?: boolean }

export const branchAll = (
  id: string,
  branches: Branch[],
  { parallel = true, ...rest }: Rest & { parallel?: boolean } = {},
) => module(id, { type: 'branchall', branches, parallel }, rest)
