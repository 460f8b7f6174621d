-- Webhooks that came in and caused something, each once: the answer is kept for a repeat.
create table webhook_deliveries (
  id bigint generated always as identity primary key,
  source text not null check (source in ('speckit', 'github', 'windmill')),
  delivery_id text not null check (delivery_id <> ''),
  body_sha256 bytea not null,
  answer jsonb not null default 'null',
  received_at timestamptz not null default now(),
  constraint one_delivery_per_id unique (source, delivery_id)
);

-- Windmill names a run by its job.
create index protocol_runs_by_flow_job on protocol_runs (flow_job_id)
  where flow_job_id is not null;
