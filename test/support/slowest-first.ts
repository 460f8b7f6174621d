import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest begins first, or one worker waits at the end for the other; size says little. */
const slow = [
  /\/faults\/kills-/,
  /\/e2e\//,
  /\/fuzz\.test\./,
  /\.e2e\.test\./,
  /\/durable\.test\./,
  /\/f\/execution\//,
  /\/hostile-input\.test\./,
  /\/windmill\/rules\.test\./,
  /\/f\/(spec|lib)\//,
]

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = slow.findIndex((pattern) => pattern.test(moduleId))
      return found < 0 ? slow.length : found
    }
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}
