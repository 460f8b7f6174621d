import { catalogue } from '../events/catalogue.ts'

const types = Object.keys(catalogue)
const familyOf = (type: string) => `${type.split('.')[0]}.*`

/** What a subscription may ask for: everything, a family such as `task.*`, or one type. */
export const eventPatterns: readonly string[] = [
  '*',
  ...new Set(types.map(familyOf)),
  ...types,
].sort()
