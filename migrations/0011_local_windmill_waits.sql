-- Jobs of the local engine that wait before they begin, or in between.
alter table windmill.jobs
  -- Begun by an event: its preprocessor still has to make the arguments of it.
  add column preprocess boolean not null default false,
  -- Parked until somebody answers, at the latest until then; no process holds it meanwhile.
  add column suspend_until timestamptz,
  -- How many have answered: a job is parked only by one who has seen all of them.
  add column answers integer not null default 0,
  -- At most so many jobs with this key run at once, and begin within the window.
  add column concurrency_key text,
  add column concurrent_limit integer check (concurrent_limit > 0),
  add column concurrency_window_s double precision not null default 0,
  add check ((concurrency_key is null) = (concurrent_limit is null));
create index jobs_concurrency on windmill.jobs (concurrency_key, created_at)
  where concurrency_key is not null;

-- A flow that waits behind a step until enough people have approved. It lasts as long as its step.
create table windmill.suspensions (
  step_id uuid primary key references windmill.steps (id) on delete cascade,
  job_id uuid not null references windmill.jobs on delete cascade,
  required_events integer not null check (required_events > 0),
  until timestamptz not null,
  -- What the module says of it: the form, who may answer.
  settings json not null,
  -- How it ended, once it has: what the next step sees, or the error.
  outcome json
);
create index suspensions_open on windmill.suspensions (job_id) where outcome is null;

-- Approvals and refusals. They may come in before their step has ended.
create table windmill.resumes (
  -- The step that is waited behind, or the flow around it for all such steps.
  target_id uuid not null,
  resume_id bigint not null,
  job_id uuid not null references windmill.jobs on delete cascade,
  approved boolean not null,
  value json not null,
  approver text,
  -- Who was logged in, if anybody was.
  username text,
  created_at timestamptz not null default clock_timestamp(),
  -- An answer that comes twice counts once.
  primary key (target_id, resume_id)
);
create index resumes_job on windmill.resumes (job_id);
