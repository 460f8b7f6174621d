-- What the earlier attempts of a step spent, as {tokens, usage, cost_usd}: tokens, usage and
-- cost_usd of the row are those of all attempts.
alter table step_runs add column spent_before jsonb;
