import { expect } from 'vitest'
import { eventually } from '../../../../support/api.ts'
import type { TestDatabase } from '../../../../support/database.ts'

export interface Gate {
  /**
   * Has syncs wait where they have read and made everything and are about to lock it, and carries
   * out `meanwhile` there.
   * @param syncs how many wait for it
   */
  during<T>(sync: () => Promise<T>, meanwhile: () => Promise<unknown>, syncs?: number): Promise<T>
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
  return {
    async during(sync, meanwhile, syncs = 1) {
      const keeper = await sql.reserve()
      await keeper`select pg_advisory_lock(1, 1)`
      const answer = sync()
      try {
        const waiting = await eventually(
          () => keeper`
            select pid from pg_locks join pg_database d on d.oid = database
            where datname = current_database() and locktype = 'advisory' and not granted
              and classid = 1 and objid = 1`,
          (rows) => rows.length === syncs,
        )
        expect(waiting.length).toBe(syncs)
        await meanwhile()
      } finally {
        await keeper`select pg_advisory_unlock(1, 1)`
        keeper.release()
      }
      return answer
    },
  }
}
