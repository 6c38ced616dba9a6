-- Clips are content: one row a distinct recording, named by the SHA-256 of its bytes.
-- Tables that grow with the recordings are partitioned by hash from the start, so that none of them
-- has one index of hundreds of millions of rows and so that they can be vacuumed and moved in parts.

create table clips (
  sha256       bytea       not null check (length(sha256) = 32),
  object_key   text        not null,
  bytes        bigint      not null,
  container    text        not null,
  encoding     text        not null,
  sample_rate  integer     not null,
  channels     smallint    not null,
  frames       bigint      not null,
  created_at   timestamptz not null default now(),
  primary key (sha256)
) partition by hash (sha256);

create table datasets (
  id         integer generated always as identity primary key,
  name       text        not null unique,
  created_at timestamptz not null default now()
);

-- A dataset is paths; a path is a clip with a label. The same bytes may lie under two paths.
create table dataset_clips (
  dataset_id integer     not null references datasets (id) on delete cascade,
  path       text        not null,
  sha256     bytea       not null,
  label      text        not null,
  speaker    text        not null,
  word       text,
  split      text,
  created_at timestamptz not null default now(),
  primary key (dataset_id, path)
) partition by hash (dataset_id, path);
create index dataset_clips_sha256 on dataset_clips (sha256);

create table ingestions (
  id          uuid        primary key,
  dataset_id  integer     not null references datasets (id),
  request     jsonb       not null,
  status      text        not null check (status in ('queued', 'running', 'completed', 'failed')),
  found       bigint      not null default 0,
  total       bigint,
  stored      bigint      not null default 0,
  unchanged   bigint      not null default 0,
  rejected    bigint      not null default 0,
  error       jsonb,
  created_at  timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz
);
create index ingestions_created_at on ingestions (created_at desc, id);
create index ingestions_unfinished on ingestions (id) where status in ('queued', 'running');

-- Files that were not taken in, one row a path: the reason is for a person to act on.
create table rejected_files (
  dataset_id integer     not null references datasets (id) on delete cascade,
  path       text        not null,
  sha256     bytea,
  code       text        not null,
  message    text        not null,
  at         timestamptz not null default now(),
  primary key (dataset_id, path)
);

create table feature_sets (
  id         integer generated always as identity primary key,
  hash       bytea       not null unique check (length(hash) = 32),
  spec       jsonb       not null,
  extractor  text        not null,
  created_at timestamptz not null default now()
);

-- One vector a (clip, feature set). real[] is queryable (values[1]), compact (4 bytes a value inline) and read by COPY BINARY.
create table feature_vectors (
  feature_set_id integer not null,
  sha256         bytea   not null,
  values         real[]  not null,
  primary key (sha256, feature_set_id)
) partition by hash (sha256);

-- A clip whose vector cannot be made: fails once, with its reason.
create table feature_failures (
  feature_set_id integer     not null references feature_sets (id) on delete cascade,
  sha256         bytea       not null,
  code           text        not null,
  message        text        not null,
  at             timestamptz not null default now(),
  primary key (feature_set_id, sha256)
);

do $$
declare part integer;
begin
  for part in 0..15 loop
    execute format('create table clips_p%s partition of clips for values with (modulus 16, remainder %s)', part, part);
    execute format('create table dataset_clips_p%s partition of dataset_clips for values with (modulus 16, remainder %s)', part, part);
    execute format('create table feature_vectors_p%s partition of feature_vectors for values with (modulus 16, remainder %s)', part, part);
  end loop;
end $$;

create table runs (
  id             uuid        primary key,
  spec           jsonb       not null,
  spec_hash      bytea       not null,
  status         text        not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  cancel_requested boolean   not null default false,
  error          jsonb,
  snapshot_hash  bytea,
  train_clips    integer,
  test_clips     integer,
  backend        text,
  code_version   text,
  evaluation     jsonb,
  created_at     timestamptz not null default now(),
  started_at     timestamptz,
  finished_at    timestamptz
);
create index runs_created_at on runs (created_at desc, id);
create index runs_unfinished on runs (id) where status in ('queued', 'running');

create table run_epochs (
  run_id         uuid    not null references runs (id) on delete cascade,
  epoch          integer not null,
  train_loss     real    not null,
  train_accuracy real    not null,
  test_loss      real    not null,
  test_accuracy  real    not null,
  seconds        real    not null,
  primary key (run_id, epoch)
);

-- The exact clips of a run and the side that each lay on: the dataset snapshot and the split in one.
create table run_clips (
  run_id uuid     not null references runs (id) on delete cascade,
  sha256 bytea    not null,
  label  smallint not null,
  side   text     not null check (side in ('train', 'test')),
  primary key (run_id, sha256)
);
create index run_clips_sha256 on run_clips (sha256);

create table model_versions (
  model           text        not null,
  version         integer     not null,
  run_id          uuid        not null unique references runs (id),
  feature_set_id  integer     not null references feature_sets (id),
  artefact_key    text        not null,
  artefact_sha256 bytea       not null,
  artefact_bytes  bigint      not null,
  accuracy        real        not null,
  uar             real        not null,
  created_at      timestamptz not null default now(),
  primary key (model, version)
);
