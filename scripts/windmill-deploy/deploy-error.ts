/** A refusal to show as it is: what was wrong, and the way out. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
}
