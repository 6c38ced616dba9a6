-- A variant is a clip that was made from another one: its parent, a recipe, the recordings that the recipe mixes in, a seed
-- and the number of the copy are its identity. The same five make the same bytes, so none is made twice.

-- `hash` is that of what decides a recipe's results: its steps and the version of the code that does them.
create table recipes (
  id         integer generated always as identity primary key,
  hash       bytea       not null unique check (length(hash) = 32),
  name       text        not null,
  version    integer     not null,
  transforms text        not null,
  spec       jsonb       not null,
  created_at timestamptz not null default now(),
  unique (name, version, transforms)
);

-- Recordings that recipes mix in, by group: { "noise": [sha256, ...] }. No recordings are a set too.
create table resource_sets (
  id         integer generated always as identity primary key,
  hash       bytea       not null unique check (length(hash) = 32),
  members    jsonb       not null,
  created_at timestamptz not null default now()
);

-- What was asked for: `copies` variants of each clip that the dataset had then. Counts are of variants.
create table augmentations (
  id              uuid        primary key,
  number          integer     generated always as identity unique,
  dataset_id      integer     not null references datasets (id),
  into_dataset_id integer     not null references datasets (id),
  recipe_id       integer     not null references recipes (id),
  resource_set_id integer     not null references resource_sets (id),
  request         jsonb       not null,
  copies          smallint    not null check (copies between 1 and 64),
  seed            bigint      not null,
  status          text        not null check (status in ('queued', 'running', 'completed')),
  total           bigint      not null,
  done            bigint      not null default 0,
  failed          bigint      not null default 0,
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  finished_at     timestamptz
);
create index augmentations_created_at on augmentations (created_at desc, id);
create index augmentations_unfinished on augmentations (id) where status <> 'completed';

-- `root` is the recording at the beginning: a variant of a variant stays on its side of a split too.
-- Copies on which no step of the recipe came down have the same bytes, so sha256 is not unique, and may be the parent itself.
create table clip_variants (
  parent          bytea       not null,
  recipe_id       integer     not null,
  resource_set_id integer     not null,
  seed            bigint      not null,
  copy            smallint    not null,
  sha256          bytea       not null,
  root            bytea       not null,
  applied         jsonb       not null,
  output_gain_db  real        not null,
  created_at      timestamptz not null default now(),
  primary key (parent, recipe_id, resource_set_id, seed, copy)
) partition by hash (parent);
create index clip_variants_sha256 on clip_variants (sha256);

-- The clips that an augmentation is done with: all of their copies are there, or the reason why none can be.
create table augmentation_clips (
  augmentation integer     not null,
  sha256       bytea       not null,
  code         text,
  message      text,
  at           timestamptz not null default now(),
  primary key (augmentation, sha256)
) partition by hash (augmentation, sha256);
create index augmentation_clips_failed on augmentation_clips (augmentation, sha256) where code is not null;

do $$
declare part integer;
begin
  for part in 0..15 loop
    execute format('create table clip_variants_p%s partition of clip_variants for values with (modulus 16, remainder %s)', part, part);
    execute format('create table augmentation_clips_p%s partition of augmentation_clips for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;
