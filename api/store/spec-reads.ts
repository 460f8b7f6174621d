import type { Tx } from './database.ts'

export interface SpecRead {
  job_id: string
  /** Seconds since it was started. */
  age: number
}

/** The job that was started last, because of a hook, to read a spec. */
export async function lastReadOf(
  tx: Tx,
  projectId: number,
  specPath: string,
): Promise<SpecRead | undefined> {
  const [row] = await tx<SpecRead[]>`
    select job_id, extract(epoch from clock_timestamp() - started_at)::float8 as age
    from spec_reads where project_id = ${projectId} and spec_path = ${specPath}`
  return row
}

export async function noteRead(
  tx: Tx,
  read: { project_id: number; spec_path: string; job_id: string },
): Promise<void> {
  await tx`
    insert into spec_reads ${tx(read)}
    on conflict (project_id, spec_path) do update
      set job_id = excluded.job_id, started_at = excluded.started_at`
}
