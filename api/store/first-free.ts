import type { Database } from './database.ts'

/** A connection of postgres.js 3.4, and the queue in which it stands. */
interface Connection {
  id: number
  queue: Queue
}
interface Queue {
  readonly length: number
  push(connection: Connection): Connection
  shift(): Connection | undefined
  remove(connection: Connection): Connection | null
}

/**
 * Has a pool take the first of its free connections. postgres.js takes the one that was free for
 * longest: whoever asks now and then meets another one each time, which has to read and plan every
 * statement anew. This way few are in use while few are needed, and these know what they are asked.
 * To be called before anything else is asked of the pool.
 */
export async function takeFirstFree(db: Database): Promise<void> {
  let one: Connection | undefined
  const onexecute = (connection: Connection) => {
    one = connection
  }
  // Known to the driver, not to its types.
  await db.unsafe('select 1', [], { onexecute } as object)
  if (one) keepInOrder(one.queue)
}

function keepInOrder(queue: Queue): void {
  const free: Connection[] = []
  while (queue.length > 0) free.push(queue.shift() as Connection)
  const inOrder: Queue = {
    get length() {
      return free.length
    },
    push(connection) {
      free.push(connection)
      free.sort((one, other) => one.id - other.id)
      return connection
    },
    shift: () => free.shift(),
    remove(connection) {
      const place = free.indexOf(connection)
      return place === -1 ? null : (free.splice(place, 1)[0] ?? null)
    },
  }
  Object.defineProperties(queue, Object.getOwnPropertyDescriptors(inOrder))
}
