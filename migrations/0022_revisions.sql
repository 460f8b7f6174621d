-- What every sprint and task was, after each transaction that changed it: a chain of revisions per
-- entity, written by triggers, so that no verb, migration or statement by hand can forget one. A
-- change that leaves the content as it was makes none.
--
-- `content` is JSON by RFC 8785 (keys sorted, no spaces) of what a person would call the sprint or
-- the task, as the two views below list it; `null` once the row is gone. `hash` is SHA-256, in hex, of
--   <entity id> LF <created_at> LF {"actor":…,"agent":…,"content":<content>,"correlation_id":…,
--     "entity_type":…,"number":…,"parent_hash":…,"project_id":…,"session_key":…}
-- without spaces, so that nothing of a revision can be changed by itself.
create table revisions (
  id bigint generated always as identity primary key,
  entity_type text not null check (entity_type in ('sprint', 'task')),
  entity_id bigint not null,
  -- No references: what a deleted project did stays on the record.
  project_id bigint not null,
  number integer not null check (number > 0),
  parent_hash text,
  hash text not null,
  content text not null,
  correlation_id text,
  session_key text,
  agent text,
  -- Who changed it; where nobody said so, the user of the database.
  actor text not null,
  -- The time of the transaction, in whole milliseconds: every reader can hash it again.
  created_at timestamptz not null,
  constraint one_revision_per_number unique (entity_type, entity_id, number),
  constraint first_revision_has_no_parent check ((number = 1) = (parent_hash is null))
);
create index revisions_by_correlation on revisions (correlation_id, id);
create index revisions_by_session on revisions (session_key, id) where session_key is not null;

create function refuse_revision_change() returns trigger language plpgsql as $$
begin
  raise exception 'revisions are append-only' using errcode = 'restrict_violation';
end $$;
create trigger revisions_are_append_only before update or delete or truncate on revisions
  for each statement execute function refuse_revision_change();

create function rfc3339(timestamptz) returns text language sql stable
  return to_char($1 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- A number as ECMAScript prints it: in digits from 1e-6 up to below 1e21, with an exponent beyond.
create function canonical_number(n numeric) returns text language sql immutable
  return case
    when n = 0 then '0'
    -- None that JSON can hold in a double; kept as it is.
    when abs(n) > 1.7976931348623157e308 then n::text
    when abs(n) >= 1e-6 and abs(n) < 1e21 then trim_scale(n::float8::text::numeric)::text
    else regexp_replace(n::float8::text, 'e([+-])0+', 'e\1') end;

-- RFC 8785 sorts keys by UTF-16 code units: U+E000 to U+FFFF come behind all characters beyond.
create function canonical_json(value jsonb) returns text language plpgsql immutable as $$
begin
  return case jsonb_typeof(value)
    when 'object' then (
      select '{' || coalesce(string_agg(to_json(key)::text || ':' || canonical_json(member), ','
          order by regexp_replace(key, '([\uE000-\uFFFF])', U&'\+10FFFF' || '\1', 'g')
            collate "C"), '') || '}'
      from jsonb_each(value) as members (key, member))
    when 'array' then (
      select '[' || coalesce(string_agg(canonical_json(item), ',' order by place), '') || ']'
      from jsonb_array_elements(value) with ordinality as items (item, place))
    when 'number' then canonical_number(value::numeric)
    else value::text end;
end $$;

-- What a sprint is and what a task is: the columns of the API, in the order of their names. Left out
-- is what follows from other things (velocity_actual, report, when work on a task began and ended,
-- updated_at), what never changes (id, project_id, created_at), and what only syncs need
-- (step_version, imported).
create view sprint_contents as
  select s.id, s.project_id, row_to_json(c)::text as content
  from sprints s cross join lateral (
    select s.code, s.committed_points, rfc3339(s.completed_at) as completed_at,
      rfc3339(s.end_date) as end_date, s.goal, s.name, s.spec_id,
      rfc3339(s.start_date) as start_date, rfc3339(s.started_at) as started_at, s.status,
      s.velocity_planned) c;

create view task_contents as
  select t.id, t.project_id, row_to_json(c)::text as content
  from tasks t cross join lateral (
    select t.acceptance_criteria,
      (case when t.agent_config = '{}' then '{}' else canonical_json(t.agent_config) end)::json
        as agent_config,
      t.assignee, t.blocked_reason, t.board_status, t.code, t.deliverables,
      (select coalesce('[' || string_agg('{"confidence":' || canonical_number(d.confidence::numeric)
          || ',"depends_on_id":' || d.depends_on_id || ',"kind":"' || d.kind || '","source":"'
          || d.source || '"}', ',' order by d.depends_on_id) || ']', '[]')
        from task_dependencies d where d.task_id = t.id)::json as depends_on,
      t.description, rfc3339(t.due_date) as due_date, t.external_id, t.hand_set, t.labels,
      t.objectives, t.occurrence, t.position, t.priority, t.protocol_run_id, t.skipped, t.spec_id,
      t.sprint_id, t.step_run_id, t.story_points, t.title, t.type) c;

-- What the statements of a transaction have touched; gone again when it ends. Revisions are made just
-- before the commit, so that a transaction makes one per entity at most: on the account of the first
-- statement that touched it.
create unlogged table unrevised_changes (
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  entity_type text not null,
  entity_ids bigint[] not null,
  -- Who makes the change and why, as the API says it (api/store/revisions.ts).
  origin jsonb,
  primary key (xid, id)
);

-- The settings keep it on the indexes even where a plan was cached while the tables were small.
create function write_revisions() returns trigger language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  -- The first one called does it for all.
  with noted as (
    delete from unrevised_changes where xid = pg_current_xact_id()
    returning id, entity_type, entity_ids, origin
  ), touched as (
    select distinct on (entity_type, entity_id) entity_type, entity_id, origin
    from noted, unnest(entity_ids) as entity_id
    order by entity_type, entity_id, noted.id
  ), made as (
    select t.entity_type, t.entity_id, coalesce(it.project_id, head.project_id) as project_id,
      coalesce(head.number, 0) + 1 as number, head.hash as parent_hash,
      coalesce(it.content, 'null') as content,
      coalesce(t.origin -> 'correlations' ->> t.entity_id::text, t.origin ->> 'correlation_id')
        as correlation_id,
      t.origin ->> 'session_key' as session_key, t.origin ->> 'agent' as agent,
      coalesce(t.origin ->> 'actor', session_user) as actor,
      date_trunc('milliseconds', now()) as created_at
    from touched t
    left join lateral (
      select project_id, content from sprint_contents
      where t.entity_type = 'sprint' and id = t.entity_id
      union all
      select project_id, content from task_contents
      where t.entity_type = 'task' and id = t.entity_id
      -- Made once, however often it is used here.
      offset 0) it on true
    left join lateral (
      select r.project_id, r.number, r.hash, r.content from revisions r
      where r.entity_type = t.entity_type and r.entity_id = t.entity_id
      order by r.number desc limit 1) head on true
    where coalesce(it.content, 'null') <> coalesce(head.content, 'null')
  )
  insert into revisions (entity_type, entity_id, project_id, number, parent_hash, hash, content,
    correlation_id, session_key, agent, actor, created_at)
  select entity_type, entity_id, project_id, number, parent_hash,
    encode(sha256(convert_to(
      entity_id || E'\n' || rfc3339(created_at) || E'\n'
      || '{"actor":' || to_json(actor)
      || ',"agent":' || coalesce(to_json(agent)::text, 'null')
      || ',"content":' || content
      || ',"correlation_id":' || coalesce(to_json(correlation_id)::text, 'null')
      || ',"entity_type":"' || entity_type || '","number":' || number
      || ',"parent_hash":' || coalesce('"' || parent_hash || '"', 'null')
      || ',"project_id":' || project_id
      || ',"session_key":' || coalesce(to_json(session_key)::text, 'null') || '}', 'UTF8')), 'hex'),
    content, correlation_id, session_key, agent, actor, created_at
  from made;
  return null;
end $$;
create constraint trigger revisions_are_written after insert on unrevised_changes
  deferrable initially deferred for each row execute function write_revisions();

create function note_change() returns trigger language plpgsql as $$
begin
  insert into unrevised_changes (entity_type, entity_ids, origin)
  select tg_argv[0], array_agg(id), nullif(current_setting('devgodzilla.origin', true), '')::jsonb
  from changed having count(*) > 0;
  return null;
end $$;
create function note_change_of_dependencies() returns trigger language plpgsql as $$
begin
  insert into unrevised_changes (entity_type, entity_ids, origin)
  select 'task', array_agg(distinct task_id),
    nullif(current_setting('devgodzilla.origin', true), '')::jsonb
  from changed having count(*) > 0;
  return null;
end $$;

create trigger sprint_insert_is_noted after insert on sprints referencing new table as changed
  for each statement execute function note_change('sprint');
create trigger sprint_update_is_noted after update on sprints referencing new table as changed
  for each statement execute function note_change('sprint');
create trigger sprint_delete_is_noted after delete on sprints referencing old table as changed
  for each statement execute function note_change('sprint');
create trigger task_insert_is_noted after insert on tasks referencing new table as changed
  for each statement execute function note_change('task');
create trigger task_update_is_noted after update on tasks referencing new table as changed
  for each statement execute function note_change('task');
create trigger task_delete_is_noted after delete on tasks referencing old table as changed
  for each statement execute function note_change('task');
create trigger dependency_insert_is_noted after insert on task_dependencies
  referencing new table as changed
  for each statement execute function note_change_of_dependencies();
-- Which task an edge belongs to is its key: it stays.
create trigger dependency_update_is_noted after update on task_dependencies
  referencing new table as changed
  for each statement execute function note_change_of_dependencies();
create trigger dependency_delete_is_noted after delete on task_dependencies
  referencing old table as changed
  for each statement execute function note_change_of_dependencies();

-- What is there already begins its chain here.
insert into unrevised_changes (entity_type, entity_ids)
  select 'sprint', array_agg(id order by id) from sprints having count(*) > 0;
insert into unrevised_changes (entity_type, entity_ids)
  select 'task', array_agg(id order by id) from tasks having count(*) > 0;
