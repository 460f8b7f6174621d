-- The local Windmill engine's own ledger, apart from the product's tables.
-- Results and arguments are json, not jsonb: scripts may return NULs and lone surrogates, which
-- jsonb refuses, and the text is handed on as it came.
create schema windmill;

create table windmill.jobs (
  id uuid primary key,
  workspace text not null,
  kind text not null check (kind in ('flow', 'script')),
  path text not null,
  args json not null,
  -- The flow as it was when the job was made: a restart goes on with the same one.
  definition json,
  created_by text not null,
  created_at timestamptz not null default now(),
  scheduled_for timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz,
  parent_job uuid,
  root_job uuid,
  -- Started from inside a running step: it must not wait for the place that step holds.
  nested boolean not null default false,
  -- Who runs it now. A write is taken only from this owner and this attempt.
  owner uuid,
  attempt integer not null default 0,
  canceled_by text,
  canceled_reason text,
  canceled_at timestamptz,
  success boolean,
  skipped boolean not null default false,
  result json,
  progress smallint check (progress between 0 and 100),
  user_states jsonb not null default '{}',
  check ((completed_at is null) = (success is null))
);
create index jobs_open on windmill.jobs (workspace, created_at) where completed_at is null;
create index jobs_recent on windmill.jobs (workspace, created_at desc);
create index jobs_parent on windmill.jobs (parent_job) where parent_job is not null;

-- One row per module that has begun, keyed by where it stands in the flow (iterations included).
create table windmill.steps (
  job_id uuid not null references windmill.jobs on delete cascade,
  path text not null,
  id uuid not null unique,
  -- The flow, iteration or branch around it: a step's id, or the job's.
  parent_id uuid not null,
  module_id text not null,
  kind text not null,
  script_path text,
  state text not null check (state in ('running', 'retrying', 'done')),
  fail_count integer not null default 0,
  retry_at timestamptz,
  args json,
  -- A decision that must not be taken twice: the items of a loop, the branch chosen, a sub-flow.
  plan json,
  result json,
  success boolean,
  skipped boolean not null default false,
  stopped boolean not null default false,
  sleep_until timestamptz,
  progress smallint check (progress between 0 and 100),
  started_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  primary key (job_id, path),
  check ((state = 'done') = (success is not null))
);
create index steps_parent on windmill.steps (parent_id);

create table windmill.logs (
  id uuid primary key,
  job_id uuid not null references windmill.jobs on delete cascade,
  content text not null,
  truncated boolean not null default false
);
create index logs_job on windmill.logs (job_id);

create table windmill.variables (
  workspace text not null,
  path text not null,
  -- Plain text, or for a secret: nonce, tag and ciphertext of AES-256-GCM, in base64.
  value text not null,
  is_secret boolean not null,
  description text not null default '',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (workspace, path)
);

create table windmill.resources (
  workspace text not null,
  path text not null,
  value json not null,
  resource_type text not null,
  description text not null default '',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (workspace, path)
);
