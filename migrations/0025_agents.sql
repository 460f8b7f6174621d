-- Agents at work: what each may do, the sessions in which they do it, the tasks they have claimed,
-- and the texts they are given to read.

create table agent_profiles (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'),
  name text not null check (name <> ''),
  description text not null default '',
  capabilities jsonb not null default '{}' check (jsonb_typeof(capabilities) = 'object'),
  safety_rails jsonb not null default '{}' check (jsonb_typeof(safety_rails) = 'object'),
  instructions text not null default '',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table work_sessions (
  id bigint generated always as identity primary key,
  key text not null unique,
  project_id bigint not null references projects on delete cascade,
  -- What the session is about: a sprint or a task.
  sprint_id bigint,
  task_id bigint,
  entity_type text not null
    generated always as (case when task_id is null then 'sprint' else 'task' end) stored,
  entity_id bigint not null generated always as (coalesce(task_id, sprint_id)) stored,
  agent text not null check (agent <> ''),
  -- Whose token it is used with; null from a handoff until the receiver takes it up.
  actor text,
  -- Of all that is done in the session.
  correlation_id uuid not null unique default gen_random_uuid(),
  -- Sessions of one thread share their memory: it is that of the first one's correlation.
  thread uuid not null,
  state text not null default 'active'
    check (state in ('active', 'handed_off', 'ended', 'expired')),
  resumed_from_id bigint references work_sessions,
  handed_to_id bigint unique references work_sessions,
  heartbeat_at timestamptz not null default now(),
  -- Until then its claims are kept without another word; a claim has no clock of its own.
  lease_until timestamptz not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (sprint_id, project_id) references sprints (id, project_id),
  foreign key (task_id, project_id) references tasks (id, project_id),
  constraint session_is_about_one_thing check (num_nonnulls(sprint_id, task_id) = 1),
  constraint handed_off_to_a_session check ((state = 'handed_off') = (handed_to_id is not null))
);
create index work_sessions_by_project on work_sessions (project_id, id);
create index work_sessions_by_sprint on work_sessions (sprint_id) where sprint_id is not null;
create index work_sessions_by_task on work_sessions (task_id) where task_id is not null;
create index work_sessions_by_former on work_sessions (resumed_from_id)
  where resumed_from_id is not null;
create index work_sessions_of_thread on work_sessions (thread);
create index work_sessions_to_expire on work_sessions (expires_at) where state = 'active';

create table session_notes (
  id bigint generated always as identity primary key,
  session_id bigint not null references work_sessions on delete cascade,
  kind text not null check (kind in ('note', 'decision', 'question')),
  text text not null check (text <> ''),
  -- The question that this answers; without an answer it is open.
  answers_id bigint references session_notes,
  agent text,
  actor text not null,
  created_at timestamptz not null default now()
);
create index session_notes_by_session on session_notes (session_id, id);
create index session_notes_by_answered on session_notes (answers_id) where answers_id is not null;

create table task_claims (
  id bigint generated always as identity primary key,
  task_id bigint not null references tasks on delete cascade,
  session_id bigint not null references work_sessions on delete cascade,
  claimed_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index one_live_claim_per_task on task_claims (task_id) where ended_at is null;
create index task_claims_by_task on task_claims (task_id);
create index task_claims_by_session on task_claims (session_id);

create table documents (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  path text not null check (path <> ''),
  text text not null,
  sha256 text not null,
  commit_sha text,
  updated_at timestamptz not null default now(),
  constraint one_document_per_path unique (project_id, path)
);
