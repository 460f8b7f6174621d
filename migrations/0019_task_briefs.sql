-- What an agent that takes a task up is told besides its title and description: `agent_config` holds
-- what the AGENT.yml of the task says of the agent rather than of the task.
alter table tasks
  add column objectives text[] not null default '{}',
  add column deliverables text[] not null default '{}',
  add column agent_config jsonb not null default '{}' check (jsonb_typeof(agent_config) = 'object');
