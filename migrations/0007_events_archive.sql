-- Reading the history by what it tells of, by who did it and by when.
create index events_by_type on events (type, xid, id);
create index events_by_actor on events (actor, xid, id);
create index events_by_time on events (emitted_at);

-- What somebody should look at: one row per rule and subject, so that a trouble which goes on is
-- told once a minute at most, however many processes see it.
create table alerts (
  id bigint generated always as identity primary key,
  rule text not null,
  subject text not null,
  raised_at timestamptz not null default now(),
  times integer not null default 1,
  cleared_at timestamptz,
  constraint one_alert_per_subject unique (rule, subject)
);

-- Months of events that were moved to a file, or are being moved (`finished_at` is null). The file
-- was written, named and read back before its row is made; only then events may go.
create table archived_months (
  month text primary key check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  since timestamptz not null,
  until timestamptz not null,
  -- The snapshot the file was written from: it holds the month's events below, and no others.
  before_xid xid8 not null,
  first_xid xid8 not null,
  first_id bigint not null,
  last_xid xid8 not null,
  last_id bigint not null,
  min_id bigint not null,
  max_id bigint not null,
  file text not null check (file <> ''),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null check (bytes > 0),
  events bigint not null check (events > 0),
  removed bigint not null default 0,
  recorded_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint removed_what_the_file_holds check (removed <= events),
  constraint finished_when_all_are_gone check (finished_at is null or removed = events)
);

-- What charts read goes on being there: the live events, and those of archived months.
alter view chart_events rename to live_chart_events;
create table archived_chart_events as select * from live_chart_events with no data;
alter table archived_chart_events add primary key (id);
create index archived_chart_events_by_sprint on archived_chart_events (sprint_id, id);
create index archived_chart_events_by_project on archived_chart_events (project_id, emitted_at);
create trigger archived_chart_events_are_append_only
  before update or delete or truncate on archived_chart_events
  for each statement execute function refuse_history_change();
create view chart_events as
  select * from live_chart_events union all select * from archived_chart_events;

-- The newest payload of the few types that rules look up, per entity.
create table archived_payloads (
  entity_type text not null,
  entity_id bigint not null,
  type text not null,
  xid xid8 not null,
  event_id bigint not null,
  payload jsonb not null,
  primary key (entity_type, entity_id, type)
);

-- Events are still never changed, and go only where a file holds them that was recorded.
drop trigger events_are_append_only on events;
create trigger events_are_append_only before update or truncate on events
  for each statement execute function refuse_history_change();
create function refuse_loss_of_history() returns trigger language plpgsql as $$
begin
  if exists (
    select from gone where not exists (
      select from archived_months m
      where m.finished_at is null and gone.xid < m.before_xid
        and gone.emitted_at >= m.since and gone.emitted_at < m.until)
  ) then
    raise exception 'events are append-only: only those of a month that was written to a file may go'
      using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger events_go_to_files_alone after delete on events
  referencing old table as gone for each statement execute function refuse_loss_of_history();

-- A flow that a hook started is found by its job, and with it the hook that caused what it does.
create index events_by_told_job on events ((payload ->> 'job_id')) where type = 'webhook.received';
