-- What an attempt of a step spent, in tokens by kind and in US dollars; `tokens` is the sum.
alter table step_runs
  add column usage jsonb,
  add column cost_usd double precision check (cost_usd >= 0);

-- Writing a spec's documents is a run, too.
alter table protocol_runs
  drop constraint protocol_runs_kind_check,
  add constraint protocol_runs_kind_check
    check (kind in ('protocol', 'story_batch', 'sprint_execution', 'phase', 'planning'));
-- Those whose job has to be looked at, lest it died.
create index protocol_runs_planned_by_job on protocol_runs (updated_at)
  where kind = 'planning' and status = 'running' and flow_job_id is not null;
