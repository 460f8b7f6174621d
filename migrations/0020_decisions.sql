-- Decisions of a project, numbered from 1 without gaps: the number is taken from the project's row in
-- the transaction that writes the record, and nothing deletes one.
alter table projects add column last_adr_number integer not null default 0;

create table adrs (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  number integer not null check (number > 0),
  title text not null check (title <> ''),
  status text not null default 'proposed'
    check (status in ('proposed', 'accepted', 'rejected', 'deprecated', 'superseded')),
  decided_on date not null,
  deciders text[] not null default '{}',
  context text not null default '',
  decision text not null default '',
  consequences text not null default '',
  alternatives text not null default '',
  -- The number of the record that takes its place: which ones a record supersedes follows from it.
  superseded_by integer,
  sprint_id bigint,
  task_id bigint,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint one_adr_per_number unique (project_id, number),
  constraint superseded_by_one_of_its_project foreign key (project_id, superseded_by)
    references adrs (project_id, number) on delete cascade,
  -- Later ones take the place of earlier ones, so there is never a circle.
  constraint superseded_by_a_later_one check (superseded_by > number),
  constraint superseded_names_its_successor check ((status = 'superseded') = (superseded_by is not null)),
  constraint adr_of_a_sprint foreign key (sprint_id, project_id) references sprints (id, project_id),
  constraint adr_of_a_task foreign key (task_id, project_id) references tasks (id, project_id)
);
create index adrs_by_successor on adrs (project_id, superseded_by) where superseded_by is not null;
create index adrs_by_sprint on adrs (sprint_id) where sprint_id is not null;
create index adrs_by_task on adrs (task_id) where task_id is not null;
