import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'

/** Any number that nothing else on this database locks. */
const LOCK = 4712

/**
 * The boundaries of a job's steps, as its engine writes them down: `begin a`, `end a`, `retry a` for
 * the step at path `a`, and `complete`. One of them can be held: its job then stands right before
 * it, with all that came earlier committed and all that its scripts did done.
 */
export async function boundariesOf(sql: postgres.Sql) {
  await sql.unsafe(`
    create table boundaries (n bigint generated always as identity, job uuid, name text);
    create table held_boundary (job uuid, name text);
    create function pass_boundary(job_id uuid, boundary text) returns void language plpgsql as $$
      begin
        if exists (select from held_boundary h where h.job = job_id and h.name = boundary) then
          perform pg_advisory_xact_lock_shared(${LOCK});
        end if;
        insert into boundaries (job, name) values (job_id, boundary);
      end $$;
    create function step_boundary() returns trigger language plpgsql as $$
      begin
        perform pass_boundary(new.job_id, case
          when new.state = 'done' then 'end' when new.state = 'retrying' then 'retry'
          else 'begin' end || ' ' || new.path);
        return new;
      end $$;
    create function job_boundary() returns trigger language plpgsql as $$
      begin
        perform pass_boundary(new.id, 'complete');
        return new;
      end $$;
    create trigger step_begins before insert on windmill.steps
      for each row execute function step_boundary();
    create trigger step_moves before update of state on windmill.steps
      for each row when (old.state is distinct from new.state) execute function step_boundary();
    create trigger job_ends before update of completed_at on windmill.jobs
      for each row when (old.completed_at is null and new.completed_at is not null)
      execute function job_boundary();`)

  return {
    /** Those that a job has passed, each once, in order. */
    async passed(job: string): Promise<string[]> {
      const rows = await sql<{ name: string }[]>`
        select name from boundaries where job = ${job} group by name order by min(n)`
      return rows.map(({ name }) => name)
    },

    /**
     * Runs `kill` while every one of these jobs, which `start` has started, stands at the boundary
     * named for it; what their engine was writing is lost.
     */
    async killAt(held: Held[], start: () => Promise<void>, kill: () => Promise<void>) {
      const holder = await sql.reserve()
      await holder`select pg_advisory_lock(${LOCK})`
      try {
        await sql`insert into held_boundary ${sql(held)}`
        await start()
        const pids = await waiting(held)
        await kill()
        // Their server processes would otherwise commit the writes, whose sender is dead.
        await sql`select pg_terminate_backend(pid, 5000) from unnest(${pids}::int[]) pid`
        await sql`delete from held_boundary`
      } finally {
        await holder`select pg_advisory_unlock(${LOCK})`
        holder.release()
      }
    },
  }

  async function waiting(held: Held[]): Promise<number[]> {
    let there = 0
    for (let waited = 0; waited < 40_000; waited += 20) {
      const rows = await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = current_database()
          and wait_event = 'advisory' and application_name like 'local-windmill%'`
      if (rows.length === held.length) return rows.map(({ pid }) => pid)
      there = rows.length
      await sleep(20)
    }
    const names = held.map(({ name }) => `"${name}"`).join(', ')
    throw new Error(`${there} of ${held.length} jobs reached their boundary: ${names}`)
  }
}

export interface Held {
  job: string
  name: string
}
