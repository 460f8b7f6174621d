import { expect } from 'vitest'
import { eventually } from '../../../../support/api.ts'
import type { TestDatabase } from '../../../../support/database.ts'

export interface Gate {
  /**
   * Has syncs wait where they have read everything and are about to lock it, and carries out
   * `meanwhile` there.
   * @param syncs how many wait for it
   * @param between the same where they wait again: edits are taken, and the files that are to follow
   * are made. Not carried out where no sync comes by again.
   */
  during<T>(
    sync: () => Promise<T>,
    meanwhile: () => Promise<unknown>,
    more?: { syncs?: number; between?: (() => Promise<unknown>) | undefined },
  ): Promise<T>
}

/** A gate in the way of all syncs of a database: of its own making, so the product knows of none. */
export async function gateOf({ sql }: TestDatabase): Promise<Gate> {
  await sql.unsafe(`
    create function wait_at_the_gate() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(1, 1);
      return new;
    end $$;
    create trigger gate before insert on delegation_syncs for each row when (new.round > 0)
      execute function wait_at_the_gate()`)
  /** How many wait at the gate, in this way. */
  const waiting = async (mode: 'ShareLock' | 'ExclusiveLock') => {
    const rows = await sql`
      select pid from pg_locks join pg_database d on d.oid = database
      where datname = current_database() and locktype = 'advisory' and not granted
        and classid = 1 and objid = 1 and mode = ${mode}`
    return rows.length
  }
  const keeper = async () => {
    const connection = await sql.reserve()
    const closed = connection`select pg_advisory_lock(1, 1)`
    closed.catch(() => {})
    return {
      closed,
      async open() {
        await closed
        await connection`select pg_advisory_unlock(1, 1)`
        connection.release()
      },
    }
  }
  return {
    async during(sync, meanwhile, { syncs = 1, between } = {}) {
      const first = await keeper()
      await first.closed
      const answer = sync()
      let next: typeof first | undefined
      try {
        const arrived = await eventually(
          () => waiting('ShareLock'),
          (count) => count === syncs,
        )
        expect(arrived).toBe(syncs)
        await meanwhile()
        // Behind those that wait: closed again as soon as they are through.
        if (between) {
          next = await keeper()
          await eventually(
            () => waiting('ExclusiveLock'),
            (count) => count === 1,
          )
        }
      } finally {
        await first.open()
      }
      if (!next || !between) return answer
      try {
        await next.closed
        let over = false
        const end = () => {
          over = true
        }
        answer.then(end, end)
        await eventually(
          () => waiting('ShareLock'),
          (count) => over || count > 0,
        )
        if (!over) await between()
      } finally {
        await next.open()
      }
      return answer
    },
  }
}
