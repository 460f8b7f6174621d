-- Counts what people decide about the files beside the database: how a conflict is resolved, whether
-- such files are kept at all. A sync that has read before that looks again.
alter table delegation_syncs add column decisions bigint not null default 0;
