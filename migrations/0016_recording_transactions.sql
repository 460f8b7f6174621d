-- Whoever reads the stream must know which open transactions may still tell of something, so that
-- the others (reports, dumps, anything in another database of this server) hold nothing back. A
-- transaction that will record events says so before it gets its transaction id, and until it ends,
-- by a shared lock named after the table. Nobody takes it alone, so nobody ever waits for it.
create function begin_recording() returns void language sql as $$
  select pg_advisory_xact_lock_shared('events'::regclass::oid::int, 0)
$$;

-- Also for what writes events by hand, as the first thing of its transaction.
create function events_begin_recording() returns trigger language plpgsql as $$
begin
  perform begin_recording();
  return null;
end $$;
create trigger events_are_expected before insert on events
  for each statement execute function events_begin_recording();

-- Where the stream ends: every transaction below that has recorded something has ended, and its
-- events are seen by each statement that begins after this one. An open transaction counts unless
-- it is seen, in one look at the locks, to hold its transaction id without the lock above: then it
-- never had that one. One that is not found there has just begun or ended, and counts this time.
-- A standby knows nothing of locks elsewhere; there every open transaction counts.
create function end_of_events() returns xid8 language sql volatile as $$
  with held as materialized (
    select virtualtransaction, locktype, transactionid from pg_locks
    where granted and (
      (locktype = 'transactionid' and mode = 'ExclusiveLock')
      or (locktype = 'advisory' and objsubid = 2 and objid = 0 and classid = 'events'::regclass
        and database = (select oid from pg_database where datname = current_database())))
  ), silent as (
    select transactionid from held h
    where locktype = 'transactionid' and not exists (
      select from held it
      where it.locktype = 'advisory' and it.virtualtransaction = h.virtualtransaction)
  ), snapshot as (
    select pg_current_snapshot() as now
  )
  select case when pg_is_in_recovery() then (select pg_snapshot_xmin(now) from snapshot)
    else coalesce(
      (select open from snapshot, pg_snapshot_xip(now) as open
       where open::xid not in (select transactionid from silent)
       order by open limit 1),
      (select pg_snapshot_xmax(now) from snapshot)) end
$$;
