-- What moved while the sprint integration was off: a run whose steps or plan changed, or, with a
-- task, a card of it that a person moved. Kept until the integration is on again.
create table unsynced_changes (
  project_id bigint not null references projects on delete cascade,
  protocol_run_id bigint not null,
  task_id bigint references tasks on delete cascade,
  -- Who moved the card.
  actor text,
  foreign key (protocol_run_id, project_id) references protocol_runs (id, project_id)
    on delete cascade,
  constraint card_was_moved_by_somebody check ((task_id is null) = (actor is null)),
  constraint one_note_per_unsynced_change unique nulls not distinct (protocol_run_id, task_id)
);
create index unsynced_changes_by_project on unsynced_changes (project_id);
create index unsynced_changes_by_task on unsynced_changes (task_id) where task_id is not null;

-- Which row here an imported row of another system became, and what it was there: a second import
-- of the same dump finds everything here.
create table imported_rows (
  project_id bigint not null references projects on delete cascade,
  table_name text not null
    check (table_name in ('sprints', 'tasks', 'protocol_runs', 'step_runs')),
  source_id bigint not null,
  entity_id bigint not null,
  original jsonb not null,
  imported_at timestamptz not null default now(),
  primary key (project_id, table_name, source_id)
);
