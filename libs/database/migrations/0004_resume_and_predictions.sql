-- A run may be begun several times: by a trainer that takes it over from one that died, or by the same one after its training
-- process did. `attempts` counts that, and is the fence: what an attempt writes says its number, and only the newest one's counts.
alter table runs
  add column attempts           integer not null default 0,
  -- Attempts that ended by a death since the last checkpoint that went further: too many, and the run is given up.
  add column fruitless          integer not null default 0,
  -- After which epoch the newest attempt went on; null when it began at the first.
  add column resumed_from_epoch integer,
  -- Why an attempt began at the first epoch although an earlier one had got further.
  add column restart_reason     text,
  -- The most memory that a training process of the run had (resident), in bytes.
  add column peak_memory_bytes  bigint;
create index runs_spec_hash on runs (spec_hash, created_at desc);

-- Where a run that is cut off goes on. One a run, gone when the run has ended; what must be the same to go on lies beside it.
create table run_checkpoints (
  run_id        uuid        primary key references runs (id) on delete cascade,
  epoch         integer     not null,
  object_key    text        not null,
  sha256        bytea       not null check (length(sha256) = 32),
  bytes         bigint      not null,
  snapshot_hash bytea       not null,
  code_version  text        not null,
  backend       text        not null,
  created_at    timestamptz not null default now()
);

-- What a run says of each clip of its test side. `probabilities` are in the order of the evaluation's labels.
create table run_predictions (
  run_id        uuid     not null references runs (id) on delete cascade,
  sha256        bytea    not null,
  label         smallint not null,
  predicted     smallint not null,
  probabilities real[]   not null,
  dataset       text     not null,
  speaker       text     not null,
  condition     text     not null,
  primary key (run_id, sha256)
);

-- Runs that belong together, by a name: the folds of a cross-validation, the table of a paper. A run may be part of several.
create table experiment_runs (
  experiment text        not null,
  run_id     uuid        not null references runs (id) on delete cascade,
  added_at   timestamptz not null default now(),
  primary key (experiment, run_id)
);
create index experiment_runs_run on experiment_runs (run_id);
