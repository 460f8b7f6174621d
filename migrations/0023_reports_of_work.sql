-- Bugs: what a report says besides what its task does, and the file it has of its own.
create table bug_reports (
  task_id bigint primary key,
  project_id bigint not null,
  path text not null check (path <> ''),
  component text,
  effort text,
  constraint bug_is_a_task foreign key (task_id, project_id)
    references tasks (id, project_id) on delete cascade,
  constraint one_file_per_bug unique (project_id, path)
);

-- How somebody said that a task stands, with their words: they stay when its events are archived.
create table status_updates (
  id bigint generated always as identity primary key,
  task_id bigint not null,
  project_id bigint not null,
  status text not null,
  note text,
  reason text,
  actor text not null,
  agent text,
  session_key text,
  created_at timestamptz not null default now(),
  constraint update_of_a_task foreign key (task_id, project_id)
    references tasks (id, project_id) on delete cascade
);
create index status_updates_of_task on status_updates (task_id, id);
