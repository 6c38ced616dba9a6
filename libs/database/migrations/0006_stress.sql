-- Evaluations of a model version under stress: noise, rooms, telephone lines, clipping. `conditions` and `members` (recordings to mix
-- in, by group) are fixed when it is asked for, so that the request says everything that decides the figures.
create table stress_evaluations (
  id          uuid        primary key,
  model       text        not null,
  version     integer     not null,
  request     jsonb       not null,
  conditions  jsonb       not null,
  members     jsonb       not null,
  status      text        not null check (status in ('queued', 'running', 'completed', 'failed')),
  recordings  integer,
  labels      jsonb,
  error       jsonb,
  created_at  timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz,
  foreign key (model, version) references model_versions (model, version)
);
create index stress_evaluations_version on stress_evaluations (model, version, created_at desc, id);
create index stress_evaluations_unfinished on stress_evaluations (id) where status in ('queued', 'running');

-- The predicted classes of a few recordings under all conditions, one byte each: what a killed worker leaves to the next one.
create table stress_parts (
  evaluation_id uuid    not null references stress_evaluations (id) on delete cascade,
  part          integer not null,
  recordings    integer not null,
  predicted     bytea   not null,
  primary key (evaluation_id, part)
);

create table stress_results (
  evaluation_id uuid    not null references stress_evaluations (id) on delete cascade,
  position      integer not null,
  result        jsonb   not null,
  primary key (evaluation_id, position)
);
