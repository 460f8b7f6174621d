-- How many imports a spec has taken: an import says which one it follows, so that a file read
-- before another import never overwrites what that one brought.
alter table specs add column imports bigint not null default 0;

-- The job that reads a spec because of a hook: while it runs, later hooks of that spec wait.
create table spec_reads (
  project_id bigint not null references projects on delete cascade,
  spec_path text not null,
  job_id uuid not null,
  started_at timestamptz not null default now(),
  primary key (project_id, spec_path)
);
