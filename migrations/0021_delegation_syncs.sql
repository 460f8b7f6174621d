-- Files beside the database (delegation/) are brought together with it by one flow at a time.
create table delegation_syncs (
  project_id bigint primary key references projects on delete cascade,
  -- Counts syncs and confirmations: a sync says which one it follows, so that files read before
  -- another one never undo what that one brought.
  round bigint not null default 0,
  -- The job that a change has started: while it runs, later changes wait.
  job_id uuid,
  started_at timestamptz
);
