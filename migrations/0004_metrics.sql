-- What charts read of the history: one row per event that moves a chart, with the few facts that
-- do. Everything that draws reads this relation, so that history may be kept elsewhere as well.
create view chart_events as
select id, type, entity_id, project_id, sprint_id, emitted_at,
  case type when 'task.status_changed' then payload ->> 'from' end as from_status,
  case type when 'task.status_changed' then payload ->> 'to' else payload ->> 'board_status' end
    as board_status,
  coalesce((payload ->> 'skipped')::boolean, false) as skipped,
  case type when 'task.estimated' then payload ->> 'to' else payload ->> 'story_points' end::integer
    as story_points,
  payload ->> 'started_at' as started_at,
  payload ->> 'completed_at' as completed_at,
  payload ->> 'end_date' as end_date
from events
where type in ('task.created', 'task.status_changed', 'task.estimated', 'task.added_to_sprint',
  'task.removed_from_sprint', 'sprint.started', 'sprint.completed', 'sprint.failed',
  'sprint.archived', 'sprint.reopened');

-- A project's cards over a span of days, without its older history.
create index events_of_cards on events (project_id, emitted_at)
  where type in ('task.created', 'task.status_changed');
