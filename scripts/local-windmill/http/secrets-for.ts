import type { OnSecret } from '../workspace/values.ts'
import { may, type Principal } from './principal.ts'
import { Refusal } from './refusal.ts'

/** Hands a secret to those who may read it: a job's log then hides it, others are refused. */
export function secretsFor(principal: Principal): OnSecret {
  return (value, path) => {
    if (!may(principal, 'read secrets')) {
      throw new Refusal(
        403,
        `Forbidden: the role ${principal.role} may not read the secret ${path}`,
      )
    }
    principal.masks?.add(value)
  }
}
