-- Which version of a model is in use under which name, who put it there and why. A version is written once: what it was made
-- from and what it was found to be able to do must be the same when somebody asks in a year.

-- The audit trail, and the way back: one row a change, never altered. `returns_to` is the change whose version a roll-back
-- brings back; a roll-back carries that of the change it returns to, so that the next one goes a step further.
create table registry_changes (
  id           bigint      generated always as identity primary key,
  model        text        not null,
  action       text        not null check (action in ('promote', 'roll-back', 'remove', 'make-default')),
  alias        text        check ((alias is null) = (action = 'make-default')),
  -- The version that the alias names from here on, and the one that it named before.
  version      integer     check ((version is null) = (action in ('remove', 'make-default'))),
  previous     integer,
  returns_to   bigint      references registry_changes (id),
  -- The name of the token that asked, which the server knows, and the person that the caller named, which it does not.
  token_name   text        not null,
  on_behalf_of text,
  forced       boolean     not null default false,
  reason       text        check (reason is not null or not forced),
  -- What the gate found: contracts' promotionGateSchema.
  gate         jsonb,
  at           timestamptz not null default now(),
  foreign key (model, version) references model_versions (model, version),
  foreign key (model, previous) references model_versions (model, version)
);
create index registry_changes_model on registry_changes (model, id);
create index registry_changes_alias on registry_changes (model, alias, id);

-- What each alias names now.
create table model_aliases (
  model     text    not null,
  alias     text    not null,
  version   integer not null,
  change_id bigint  not null references registry_changes (id),
  primary key (model, alias),
  foreign key (model, version) references model_versions (model, version)
);

-- The model that answers when a caller names none: at most one row.
create table default_model (
  singleton boolean primary key default true check (singleton),
  model     text    not null,
  change_id bigint  not null references registry_changes (id)
);

-- What made a version is a part of it: its run, its clips and its epochs are closed with the run's completion.
-- 23001 (restrict_violation) reaches callers as a conflict, not as a fault to retry.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'what is in % is never changed or deleted: a model version and what it was made from are immutable', tg_table_name
    using errcode = '23001';
end $$;

create trigger model_versions_immutable before update or delete on model_versions
  for each row execute function refuse_change();
create trigger model_versions_kept before truncate on model_versions
  for each statement execute function refuse_change();
create trigger registry_changes_immutable before update or delete on registry_changes
  for each row execute function refuse_change();
create trigger registry_changes_kept before truncate on registry_changes
  for each statement execute function refuse_change();
create trigger runs_kept before delete on runs
  for each row when (old.status = 'completed') execute function refuse_change();
create trigger runs_immutable before update on runs
  for each row when (old.status = 'completed' and
    (old.spec, old.spec_hash, old.status, old.snapshot_hash, old.train_clips, old.test_clips, old.backend, old.code_version,
     old.evaluation, old.started_at, old.finished_at)
    is distinct from
    (new.spec, new.spec_hash, new.status, new.snapshot_hash, new.train_clips, new.test_clips, new.backend, new.code_version,
     new.evaluation, new.started_at, new.finished_at))
  execute function refuse_change();

-- A statement at a time: a snapshot is millions of rows.
create function refuse_change_of_completed_run() returns trigger language plpgsql as $$
begin
  if exists (select 1 from (select distinct run_id from changed) c join runs r on r.id = c.run_id and r.status = 'completed') then
    raise exception 'what is in % is never changed once its run is completed: a model version and what it was made from are immutable', tg_table_name
      using errcode = '23001';
  end if;
  return null;
end $$;

do $$
declare part text;
begin
  foreach part in array array['run_clips', 'run_epochs'] loop
    execute format('create trigger %1$s_closed_to_changes after update on %1$s referencing old table as changed
      for each statement execute function refuse_change_of_completed_run()', part);
    execute format('create trigger %1$s_closed_to_deletion after delete on %1$s referencing old table as changed
      for each statement execute function refuse_change_of_completed_run()', part);
  end loop;
end $$;
create trigger run_clips_closed_to_rows after insert on run_clips referencing new table as changed
  for each statement execute function refuse_change_of_completed_run();

-- Servers that keep a model ready hear of a new version and of a change of what is in use. The payload is the model's name.
create function tell_model_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('ser_models', new.model);
  return null;
end $$;
create trigger model_versions_told after insert on model_versions
  for each row execute function tell_model_change();
create trigger registry_changes_told after insert on registry_changes
  for each row execute function tell_model_change();
