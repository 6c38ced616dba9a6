-- What the variants that a run makes while it trains are made with, fixed when the run is asked for: its spec names recipe and datasets,
-- and what these names mean may change.
alter table runs
  add column recipe_id integer references recipes (id),
  add column resource_set_id integer references resource_sets (id),
  add constraint runs_recipe_and_resources check ((recipe_id is null) = (resource_set_id is null));

-- How long an epoch waited for its variants.
alter table run_epochs add column waited_seconds real;
