-- Conflicts of a project, resolved ones included, are listed in order.
create index sync_conflicts_by_project on sync_conflicts (project_id, id);
