-- Files beside the database (delegation/): what each said when it and the database were last
-- merged, which is the base of the next merge, and what was offered to be written since.
create table delegation_files (
  project_id bigint not null references projects on delete cascade,
  path text not null check (path <> ''),
  entity_type text not null check (entity_type in ('sprint', 'task', 'adr', 'bug')),
  entity_id bigint not null,
  -- Fields as the file said them; null while nobody has confirmed that there is a file.
  base_fields jsonb,
  -- What the template said when that was written: free text is merged line by line against it.
  base_rendered text,
  base_sha256 text,
  offered_fields jsonb,
  offered_rendered text,
  offered_sha256 text,
  confirmed_at timestamptz,
  -- Hash of what the last sync made it from: where that and the file are the same, it is done.
  made_from text,
  primary key (project_id, path)
);
create index delegation_files_of_entity on delegation_files (entity_type, entity_id);

-- A project's own templates, as last read from delegation/.templates/ in its repository.
create table delegation_templates (
  project_id bigint not null references projects on delete cascade,
  path text not null check (path <> ''),
  text text not null,
  primary key (project_id, path)
);

-- Which set of templates a sprint or task was made from, and the values it was given then.
create table template_choices (
  entity_type text not null check (entity_type in ('sprint', 'task')),
  entity_id bigint not null,
  project_id bigint not null references projects on delete cascade,
  template text not null,
  variables jsonb not null default '{}',
  primary key (entity_type, entity_id)
);

-- Files are a third side that a card may disagree with, and a sprint as well.
alter table sync_conflicts
  drop constraint sync_conflicts_source_check,
  add constraint sync_conflicts_source_check check (source in ('spec', 'protocol', 'file')),
  alter column task_id drop not null,
  add column of_sprint_id bigint references sprints on delete cascade,
  add constraint conflict_of_a_task_or_sprint check ((task_id is null) <> (of_sprint_id is null));
create unique index one_open_conflict_per_sprint_field on sync_conflicts (of_sprint_id, source, field)
  where resolved_at is null;
create index sync_conflicts_by_task on sync_conflicts (task_id) where task_id is not null;
create index sync_conflicts_by_sprint on sync_conflicts (of_sprint_id)
  where of_sprint_id is not null;
create index sync_conflicts_by_step on sync_conflicts (step_run_id) where step_run_id is not null;
