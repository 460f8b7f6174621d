import { NotTaken } from './not-taken.ts'
import { isBefore } from './version.ts'

/** What is known to be otherwise on some servers: told instead of failing, if it holds there. */
export type Difference = {
  /** A version that is known to follow the rule, as all after it; or the edition that does. */
  since: string | 'EE'
  how: string
  /** What those servers do. Left out where nothing can be said of it. */
  holds?: () => Promise<void>
}

/**
 * The known difference of a server that does not follow a rule; none where it does.
 * @throws what the rule throws, where nothing else is known of that server; or what shows that it
 *   does not even do what is known of it
 */
export async function differenceFrom(
  version: string,
  holds: () => Promise<void>,
  differs: Difference[],
): Promise<Difference | undefined> {
  try {
    await holds()
    return undefined
  } catch (error) {
    if (error instanceof NotTaken && /enterprise|\bEE\b/i.test(error.reason)) {
      return { since: 'EE', how: `the server says: ${error.reason}` }
    }
    const known = differs.find(({ since }) => isBefore(version, since))
    if (!known) throw error
    await known.holds?.()
    return known
  }
}
