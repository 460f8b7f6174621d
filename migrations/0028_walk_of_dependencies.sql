-- The walk that looks for a cycle took all edges for each step where the table had been analysed
-- while it was small: quadratic, an hour for a chain of 50,000. Now its order is given.
create or replace function refuse_dependency_cycle() returns trigger language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  -- Edge e leads from tasks[e] to dependencies[e], by dense numbers, sorted by dependency.
  tasks integer[];
  dependencies integer[];
  first_edge integer[] := '{}';  -- per node: its first edge as a dependency
  waits integer[];               -- per node: dependencies that are not taken away yet
  ready integer[];
  taken integer := 0;
  edge integer;
begin
  if not exists (select from new_edges where kind = 'hard') then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('task_dependencies', project_id))
    from (select distinct project_id from new_edges order by project_id) writers;

  with recursive reach (task_id, depends_on_id) as (
    select task_id, depends_on_id from new_edges where kind = 'hard'
    union
    select d.task_id, d.depends_on_id
    from reach r cross join lateral (
      select task_id, depends_on_id from task_dependencies
      where task_id = r.depends_on_id and kind = 'hard'
      offset 0  -- from each edge to its next, whatever is believed of how many there are
    ) d
  ),
  listed as (select row_number() over () as place, task_id, depends_on_id from reach),
  numbered as (
    select place, is_task, dense_rank() over (order by id)::integer as node
    from (select place, true as is_task, task_id as id from listed
          union all select place, false, depends_on_id from listed) ends
  ),
  paired as (
    select max(node) filter (where is_task) as task,
      max(node) filter (where not is_task) as dependency
    from numbered group by place
  )
  select array_agg(task order by dependency), array_agg(dependency order by dependency),
      array_fill(0, array[greatest(max(task), max(dependency))])
    into tasks, dependencies, waits from paired;

  for edge in reverse cardinality(tasks)..1 loop
    waits[tasks[edge]] := waits[tasks[edge]] + 1;
    first_edge[dependencies[edge]] := edge;
  end loop;
  ready := array(select node from unnest(waits) with ordinality as n (wait, node) where wait = 0);

  while taken < cardinality(ready) loop
    taken := taken + 1;
    edge := first_edge[ready[taken]];
    while dependencies[edge] = ready[taken] loop
      waits[tasks[edge]] := waits[tasks[edge]] - 1;
      if waits[tasks[edge]] = 0 then
        ready := ready || tasks[edge];
      end if;
      edge := edge + 1;
    end loop;
  end loop;

  if taken < cardinality(waits) then
    raise exception 'these dependencies would form a cycle'
      using errcode = 'check_violation', constraint = 'no_dependency_cycle',
            table = 'task_dependencies';
  end if;
  return null;
end $$;
