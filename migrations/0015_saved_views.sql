-- Ways of looking at the boards of a project, shared by all who see it.
create table saved_views (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  name text not null check (name <> ''),
  -- What an address of the console says after its `?`.
  query text not null,
  -- As events name who did something.
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index one_saved_view_per_name on saved_views (project_id, lower(name));
