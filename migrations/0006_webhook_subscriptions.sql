-- Events told to other systems by HTTP: who wants which, and what is on its way.

create table webhook_subscriptions (
  id bigint generated always as identity primary key,
  -- Null: the whole installation, with the events that belong to no project.
  project_id bigint references projects on delete cascade,
  url text not null check (url ~ '^https?://'),
  -- "*", a family such as "task.*", or a type.
  event_types text[] not null check (cardinality(event_types) > 0),
  format text not null default 'standard' check (format in ('standard', 'slack')),
  description text,
  active boolean not null default true,
  -- In clear, since messages are signed with it; read by the one statement that sends.
  secret text not null check (secret <> ''),
  -- The one before it signs too for a while, so that a receiver can change over.
  previous_secret text,
  previous_secret_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint previous_secret_ends check (num_nulls(previous_secret, previous_secret_until) in (0, 2))
);
create index webhook_subscriptions_by_project on webhook_subscriptions (project_id);

-- Written in the transaction of the event.
create table webhook_messages (
  id bigint generated always as identity primary key,
  subscription_id bigint not null references webhook_subscriptions on delete cascade,
  event_id bigint not null references events,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'parked')),
  attempts integer not null default 0,
  next_try_at timestamptz not null default now(),
  -- A process has it in hand until then; if that process died, another one takes it up after.
  leased_until timestamptz,
  -- Of the last try: the status that was answered, and what went wrong.
  status integer,
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint one_message_per_event unique (event_id, subscription_id),
  constraint finished_when_not_waiting check ((state = 'waiting') = (finished_at is null)),
  constraint leased_while_waiting check (leased_until is null or state = 'waiting')
);
create index webhook_messages_of_subscription on webhook_messages (subscription_id, id);
create index webhook_messages_open on webhook_messages (subscription_id, state, id)
  where state <> 'sent';
create index webhook_messages_in_hand on webhook_messages (subscription_id)
  where leased_until is not null;
create index webhook_messages_to_prune on webhook_messages (finished_at) where state <> 'waiting';

-- A hint for senders, once per transaction; nothing is said where nobody subscribed.
create function announce_webhook_message() returns trigger language plpgsql as $$
begin
  perform pg_notify('webhook_messages', '');
  return null;
end $$;
create trigger webhook_messages_are_announced after insert on webhook_messages
  for each row execute function announce_webhook_message();
