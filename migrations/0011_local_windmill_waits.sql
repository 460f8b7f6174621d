-- Jobs of the local engine that wait before they begin, or in between.
alter table windmill.jobs
  -- Begun by an event: its preprocessor still has to make the arguments of it.
  add column preprocess boolean not null default false;
