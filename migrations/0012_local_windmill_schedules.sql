-- What set a job off, where nobody did by hand: a schedule or an HTTP trigger, by its path.
alter table windmill.jobs
  add column trigger_kind text check (trigger_kind in ('schedule', 'http')),
  add column trigger text,
  add check ((trigger_kind is null) = (trigger is null));

-- One job for each time a schedule comes due, however many engines look and whenever they die.
create unique index jobs_due on windmill.jobs (workspace, trigger, scheduled_for)
  where trigger_kind = 'schedule';

-- Where each schedule stands; what it is, its file says.
create table windmill.schedules (
  workspace text not null,
  path text not null,
  -- Set by somebody through the API, and stronger than the file; null leaves it to the file.
  enabled boolean,
  edited_by text,
  edited_at timestamptz,
  -- What next_at was reckoned from: a file that has changed is reckoned anew.
  plan text not null,
  -- Null while it is off. In the past after a rest of all engines: that one run is made up, late.
  next_at timestamptz,
  -- Why the last run could not be started.
  error text,
  primary key (workspace, path)
);
