-- Reading the history by session and by agent, and a chain of causes in its order.
create index events_by_session on events (session_key, xid, id) where session_key is not null;
create index events_by_agent on events (agent, xid, id) where agent is not null;
drop index events_by_correlation;
create index events_by_correlation on events (correlation_id, xid, id);

-- Counting what happened in a span of time looks at no row: the index holds what it counts by.
drop index events_by_time;
create index events_by_time on events (emitted_at) include (type, agent, project_id);
