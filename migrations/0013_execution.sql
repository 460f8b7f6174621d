-- A run is being executed by its flow job, or waits for a step that may start: then its execution
-- goes on by itself. Null: nobody asked for one, or it is over.
alter table protocol_runs
  add column execution text check (execution in ('running', 'waiting')),
  add constraint executed_by_a_job check (execution is distinct from 'running' or flow_job_id is not null);
create index protocol_runs_executed on protocol_runs (updated_at) where execution = 'running';

-- The job that runs a step, or ran it last: two must not do it at the same time.
alter table step_runs add column flow_job_id uuid;

-- A flow that executes a run is found by its job, and with it who asked for that.
drop index events_by_told_job;
create index events_by_told_job on events ((payload ->> 'job_id'))
  where type in ('webhook.received', 'protocol.execution_started');

-- What was produced for a card by steps that work on it without owning it.
create index step_runs_by_task on step_runs (task_id) where task_id is not null;
