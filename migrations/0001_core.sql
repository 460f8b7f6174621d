-- The ledger: projects, specs, sprints, tasks, protocol runs, the links between them, and the
-- events that tell what happened. Enumerations are checked text: a new value is one ALTER, and
-- JSON needs no cast. Every reference inside a project carries project_id, so that a row can
-- never point into another project.

create table projects (
  id bigint generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (name <> ''),
  local_path text,
  repo_url text,
  default_branch text not null default 'main',
  settings jsonb not null default '{}',
  last_sprint_number integer not null default 0,
  last_task_number integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table specs (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  path text not null check (path <> ''),
  name text not null,
  status text not null default 'active' check (status in ('draft', 'active', 'archived')),
  planning jsonb not null default '{}',
  tasks_md text,
  content_hash text,
  commit_sha text,
  imported_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, path),
  unique (id, project_id)
);

create table sprints (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  spec_id bigint,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'),
  name text not null check (name <> ''),
  goal text,
  status text not null default 'planning'
    check (status in ('planning', 'active', 'completed', 'failed', 'archived')),
  start_date timestamptz,
  end_date timestamptz,
  committed_points integer,
  velocity_planned integer,
  velocity_actual integer not null default 0,
  started_at timestamptz,
  completed_at timestamptz,
  report jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, project_id),
  foreign key (spec_id, project_id) references specs (id, project_id),
  constraint sprint_ends_after_it_starts check (end_date >= start_date),
  constraint active_sprint_has_started check (status <> 'active' or started_at is not null)
);
create index sprints_by_project on sprints (project_id, id);

create table protocol_runs (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  spec_id bigint,
  protocol_name text not null check (protocol_name <> ''),
  kind text not null default 'protocol'
    check (kind in ('protocol', 'story_batch', 'sprint_execution', 'phase')),
  status text not null default 'pending'
    check (status in ('pending', 'planning', 'planned', 'running', 'paused', 'blocked',
                      'needs_qa', 'failed', 'cancelled', 'completed')),
  -- The sprint made from this run (1:1). Other runs that work on a sprint carry sprint_id.
  linked_sprint_id bigint constraint one_protocol_run_per_sprint unique,
  sprint_id bigint,
  parent_run_id bigint,
  flow_job_id uuid,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, project_id),
  foreign key (spec_id, project_id) references specs (id, project_id),
  foreign key (linked_sprint_id, project_id) references sprints (id, project_id),
  foreign key (sprint_id, project_id) references sprints (id, project_id),
  foreign key (parent_run_id, project_id) references protocol_runs (id, project_id)
);
create index protocol_runs_by_project on protocol_runs (project_id, id);
create index protocol_runs_by_sprint on protocol_runs (sprint_id) where sprint_id is not null;

create table step_runs (
  id bigint generated always as identity primary key,
  project_id bigint not null,
  protocol_run_id bigint not null,
  step_index integer not null check (step_index >= 0),
  step_name text not null check (step_name <> ''),
  step_type text not null,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'needs_qa', 'skipped', 'completed',
                      'failed', 'timeout', 'cancelled', 'blocked')),
  status_reason text,
  depends_on bigint[] not null default '{}',
  parallel_group text,
  story_points integer check (story_points between 0 and 1000),
  qa_required boolean not null default false,
  attempt integer not null default 1,
  agent text,
  tokens bigint,
  -- Grows with every change of status, so that a late delivery never undoes a newer one.
  version bigint not null default 1,
  linked_task_id bigint constraint one_step_run_per_task unique,
  task_id bigint,
  deleted_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, linked_task_id),
  unique (id, project_id),
  foreign key (protocol_run_id, project_id)
    references protocol_runs (id, project_id) on delete cascade,
  -- Deferred: a replan may swap indexes and names within one transaction.
  constraint step_index_unique_in_run unique nulls not distinct
    (protocol_run_id, step_index, deleted_at) deferrable initially deferred,
  constraint step_name_unique_in_run unique nulls not distinct
    (protocol_run_id, step_name, deleted_at) deferrable initially deferred
);

create table tasks (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  sprint_id bigint,
  protocol_run_id bigint,
  step_run_id bigint constraint one_task_per_step_run unique,
  step_version bigint,
  spec_id bigint,
  external_id text,
  occurrence integer,
  -- What the last import read from the file: the base of the three-way merge.
  imported jsonb,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'),
  type text not null default 'task' check (type in ('story', 'bug', 'task', 'spike', 'epic')),
  title text not null check (title <> ''),
  description text not null default '',
  board_status text not null default 'backlog'
    check (board_status in ('backlog', 'todo', 'in_progress', 'review', 'testing',
                            'blocked', 'done', 'archived')),
  blocked_reason text,
  skipped boolean not null default false,
  priority text not null default 'medium'
    check (priority in ('critical', 'high', 'medium', 'low')),
  story_points integer check (story_points between 0 and 1000),
  -- Fields a person has set: sync never overwrites them.
  hand_set text[] not null default '{}',
  labels text[] not null default '{}',
  acceptance_criteria text[] not null default '{}',
  assignee text,
  position integer not null default 0,
  due_date timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, project_id),
  unique (id, step_run_id),
  foreign key (sprint_id, project_id) references sprints (id, project_id),
  foreign key (protocol_run_id, project_id) references protocol_runs (id, project_id),
  foreign key (spec_id, project_id) references specs (id, project_id),
  constraint one_task_per_spec_key unique (spec_id, external_id, occurrence),
  constraint spec_key_is_whole check (num_nulls(spec_id, external_id, occurrence) in (0, 3)),
  constraint step_needs_its_run check (step_run_id is null or protocol_run_id is not null),
  constraint no_orphan_task check (
    num_nonnulls(sprint_id, protocol_run_id, spec_id) > 0
    or board_status in ('backlog', 'archived'))
);
create index tasks_by_sprint on tasks (sprint_id, id)
  include (board_status, story_points, skipped, completed_at);
create index tasks_by_project on tasks (project_id, id);
create index tasks_by_protocol_run on tasks (protocol_run_id) where protocol_run_id is not null;

-- Step and task name each other, and neither can name a partner that names another.
alter table step_runs
  add constraint step_and_task_name_each_other foreign key (linked_task_id, id)
    references tasks (id, step_run_id) deferrable initially deferred,
  add constraint step_works_on_task foreign key (task_id, project_id)
    references tasks (id, project_id);
alter table tasks
  add constraint task_and_step_name_each_other foreign key (step_run_id, id)
    references step_runs (id, linked_task_id) deferrable initially deferred;

create table task_dependencies (
  task_id bigint not null,
  depends_on_id bigint not null,
  project_id bigint not null,
  kind text not null check (kind in ('hard', 'suggested')),
  confidence real not null default 1 check (confidence between 0 and 1),
  source text not null check (source in ('spec', 'protocol', 'hand')),
  primary key (task_id, depends_on_id),
  foreign key (task_id, project_id) references tasks (id, project_id) on delete cascade,
  foreign key (depends_on_id, project_id) references tasks (id, project_id) on delete cascade,
  constraint no_self_dependency check (task_id <> depends_on_id)
);
create index task_dependencies_reverse on task_dependencies (depends_on_id);

-- No cycle of hard dependencies. Kahn's algorithm over the edges that can be reached from the new
-- ones, so the cost is linear in that part of the graph; writers of one project take turns. The
-- settings keep the walk on the index even where a plan was cached while the table was small.
create function refuse_dependency_cycle() returns trigger language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  -- Edge e leads from tasks[e] to dependencies[e], by dense numbers, sorted by dependency.
  tasks integer[];
  dependencies integer[];
  first_edge integer[] := '{}';  -- per node: its first edge as a dependency
  waits integer[];               -- per node: dependencies that are not taken away yet
  ready integer[];
  taken integer := 0;
  edge integer;
begin
  if not exists (select from new_edges where kind = 'hard') then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('task_dependencies', project_id))
    from (select distinct project_id from new_edges order by project_id) writers;

  with recursive reach (task_id, depends_on_id) as (
    select task_id, depends_on_id from new_edges where kind = 'hard'
    union
    select d.task_id, d.depends_on_id
    from task_dependencies d join reach r on d.task_id = r.depends_on_id
    where d.kind = 'hard'
  ),
  listed as (select row_number() over () as place, task_id, depends_on_id from reach),
  numbered as (
    select place, is_task, dense_rank() over (order by id)::integer as node
    from (select place, true as is_task, task_id as id from listed
          union all select place, false, depends_on_id from listed) ends
  ),
  paired as (
    select max(node) filter (where is_task) as task,
      max(node) filter (where not is_task) as dependency
    from numbered group by place
  )
  select array_agg(task order by dependency), array_agg(dependency order by dependency),
      array_fill(0, array[greatest(max(task), max(dependency))])
    into tasks, dependencies, waits from paired;

  for edge in reverse cardinality(tasks)..1 loop
    waits[tasks[edge]] := waits[tasks[edge]] + 1;
    first_edge[dependencies[edge]] := edge;
  end loop;
  ready := array(select node from unnest(waits) with ordinality as n (wait, node) where wait = 0);

  while taken < cardinality(ready) loop
    taken := taken + 1;
    edge := first_edge[ready[taken]];
    while dependencies[edge] = ready[taken] loop
      waits[tasks[edge]] := waits[tasks[edge]] - 1;
      if waits[tasks[edge]] = 0 then
        ready := ready || tasks[edge];
      end if;
      edge := edge + 1;
    end loop;
  end loop;

  if taken < cardinality(waits) then
    raise exception 'these dependencies would form a cycle'
      using errcode = 'check_violation', constraint = 'no_dependency_cycle',
            table = 'task_dependencies';
  end if;
  return null;
end $$;
create trigger no_dependency_cycle_on_insert after insert on task_dependencies
  referencing new table as new_edges for each statement
  execute function refuse_dependency_cycle();
create trigger no_dependency_cycle_on_update after update on task_dependencies
  referencing new table as new_edges for each statement
  execute function refuse_dependency_cycle();

create table artifacts (
  id bigint generated always as identity primary key,
  step_run_id bigint not null references step_runs on delete cascade,
  attempt integer not null,
  name text not null,
  media_type text not null default 'text/plain',
  uri text,
  content text,
  created_at timestamptz not null default now(),
  constraint one_artifact_per_name unique (step_run_id, attempt, name),
  constraint artifact_is_somewhere check (num_nonnulls(uri, content) > 0)
);

create table step_logs (
  step_run_id bigint not null references step_runs on delete cascade,
  attempt integer not null,
  seq integer not null,
  stream text not null check (stream in ('stdout', 'stderr', 'system')),
  line text not null,
  emitted_at timestamptz not null default now(),
  primary key (step_run_id, attempt, seq)
);

create table events (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  type text not null,
  entity_type text not null,
  entity_id bigint not null,
  project_id bigint,
  sprint_id bigint,
  protocol_run_id bigint,
  correlation_id text not null,
  causation_id bigint,
  session_key text,
  agent text,
  actor text not null,
  payload jsonb not null,
  emitted_at timestamptz not null default now()
);
create index events_in_stream_order on events (xid, id);
create index events_by_project on events (project_id, xid, id);
create index events_by_sprint on events (sprint_id, xid, id) where sprint_id is not null;
create index events_by_run on events (protocol_run_id, xid, id) where protocol_run_id is not null;
create index events_by_entity on events (entity_type, entity_id, xid, id);
create index events_by_correlation on events (correlation_id);

create function refuse_history_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only' using errcode = 'restrict_violation';
end $$;
create trigger events_are_append_only before update or delete or truncate on events
  for each statement execute function refuse_history_change();

-- A hint for listeners; the table tells. Sent at commit, once per transaction.
create function announce_events() returns trigger language plpgsql as $$
begin
  perform pg_notify('events', '');
  return null;
end $$;
create trigger events_are_announced after insert on events
  for each statement execute function announce_events();

-- Work for handlers, written with its event and deleted with the work it asked for.
create table event_deliveries (
  event_id bigint not null references events,
  handler text not null,
  order_key text not null,
  attempts integer not null default 0,
  next_try_at timestamptz not null default now(),
  error text,
  parked_at timestamptz,
  primary key (event_id, handler)
);
create index event_deliveries_in_order on event_deliveries (order_key, event_id)
  where parked_at is null;
create index event_deliveries_due on event_deliveries (event_id) where parked_at is null;

create table sync_conflicts (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  task_id bigint not null references tasks on delete cascade,
  step_run_id bigint references step_runs on delete cascade,
  source text not null check (source in ('spec', 'protocol')),
  field text not null,
  base_value jsonb,
  board_value jsonb,
  other_value jsonb,
  actor text not null,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by text,
  resolution text check (resolution in ('board', 'other', 'superseded'))
);
create unique index one_open_conflict_per_field on sync_conflicts (task_id, source, field)
  where resolved_at is null;

create table api_tokens (
  id bigint generated always as identity primary key,
  name text not null,
  role text not null check (role in ('admin', 'member', 'agent', 'viewer')),
  service boolean not null default false,
  secret_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

create table login_codes (
  code_hash bytea primary key,
  expires_at timestamptz not null
);

create table idempotency_keys (
  actor text not null,
  key text not null,
  command text not null,
  request_hash text not null,
  response jsonb not null,
  changed boolean not null,
  created_at timestamptz not null default now(),
  primary key (actor, key)
);
