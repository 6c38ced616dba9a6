-- What lists and reads would otherwise have to find out by reading tables of hundreds of millions of rows. Triggers keep it,
-- once a statement and in its transaction, so that no way of writing can forget it.

-- Counts lie in 64 rows each, of which a connection always takes the same one: writers do not wait for each other.
create table feature_set_counts (
  feature_set_id integer  not null,
  shard          smallint not null,
  vectors        bigint   not null,
  primary key (feature_set_id, shard)
) with (fillfactor = 50);

create table dataset_counts (
  dataset_id integer  not null,
  shard      smallint not null,
  clips      bigint   not null default 0,
  rejected   bigint   not null default 0,
  primary key (dataset_id, shard)
) with (fillfactor = 50);

create function count_vectors() returns trigger language plpgsql as $$
begin
  insert into feature_set_counts as kept (feature_set_id, shard, vectors)
  select feature_set_id, pg_backend_pid() % 64, count(*) * case tg_op when 'INSERT' then 1 else -1 end
  from changed group by feature_set_id order by feature_set_id
  on conflict (feature_set_id, shard) do update set vectors = kept.vectors + excluded.vectors;
  return null;
end $$;

create function count_dataset_clips() returns trigger language plpgsql as $$
begin
  insert into dataset_counts as kept (dataset_id, shard, clips)
  select dataset_id, pg_backend_pid() % 64, count(*) * case tg_op when 'INSERT' then 1 else -1 end
  from changed group by dataset_id order by dataset_id
  on conflict (dataset_id, shard) do update set clips = kept.clips + excluded.clips;
  return null;
end $$;

create function count_rejected_files() returns trigger language plpgsql as $$
begin
  insert into dataset_counts as kept (dataset_id, shard, rejected)
  select dataset_id, pg_backend_pid() % 64, count(*) * case tg_op when 'INSERT' then 1 else -1 end
  from changed group by dataset_id order by dataset_id
  on conflict (dataset_id, shard) do update set rejected = kept.rejected + excluded.rejected;
  return null;
end $$;

-- The recording that a variant goes back to, under the variant's own SHA-256: clip_variants is divided by its parents, and
-- looking a variant up there means looking into every part. Of several the smallest.
create table clip_roots (
  sha256 bytea not null,
  root   bytea not null,
  primary key (sha256)
) partition by hash (sha256);

create function keep_clip_roots() returns trigger language plpgsql as $$
begin
  insert into clip_roots as kept (sha256, root)
  select distinct on (sha256) sha256, root from changed where root <> sha256 order by sha256, root
  on conflict (sha256) do update set root = excluded.root where excluded.root < kept.root;
  return null;
end $$;

do $$
declare part integer;
begin
  for part in 0..15 loop
    execute format('create table clip_roots_p%s partition of clip_roots for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;

-- What is there already.
insert into feature_set_counts (feature_set_id, shard, vectors)
  select feature_set_id, 0, count(*) from feature_vectors group by feature_set_id;
insert into dataset_counts (dataset_id, shard, clips)
  select dataset_id, 0, count(*) from dataset_clips group by dataset_id;
insert into dataset_counts as kept (dataset_id, shard, rejected)
  select dataset_id, 0, count(*) from rejected_files group by dataset_id
  on conflict (dataset_id, shard) do update set rejected = excluded.rejected;
insert into clip_roots (sha256, root)
  select distinct on (sha256) sha256, root from clip_variants where root <> sha256 order by sha256, root;

create trigger count_added after insert on feature_vectors referencing new table as changed
  for each statement execute function count_vectors();
create trigger count_removed after delete on feature_vectors referencing old table as changed
  for each statement execute function count_vectors();
create trigger count_added after insert on dataset_clips referencing new table as changed
  for each statement execute function count_dataset_clips();
create trigger count_removed after delete on dataset_clips referencing old table as changed
  for each statement execute function count_dataset_clips();
create trigger count_added after insert on rejected_files referencing new table as changed
  for each statement execute function count_rejected_files();
create trigger count_removed after delete on rejected_files referencing old table as changed
  for each statement execute function count_rejected_files();
create trigger keep_roots after insert on clip_variants referencing new table as changed
  for each statement execute function keep_clip_roots();

-- The failures of a clip, whatever the feature set; with its primary key they were found by feature set only.
create index feature_failures_sha256 on feature_failures (sha256);
