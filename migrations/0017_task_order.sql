-- The order of a sprint and of a backlog: (position, id).
create index tasks_in_order on tasks (project_id, sprint_id, position, id);
