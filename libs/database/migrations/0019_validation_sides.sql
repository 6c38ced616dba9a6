-- The recordings that a run sets aside for validation are a side of their own. In runs from before, they lie on the training side and
-- `validation_clips` is null; both are closed, so they stay as they are. Not valid, so that millions of old rows are not read.
alter table runs add column validation_clips integer;

alter table run_clips
  drop constraint run_clips_side_check,
  add constraint run_clips_side_check check (side in ('train', 'validation', 'test')) not valid;

drop trigger runs_immutable on runs;
create trigger runs_immutable before update on runs
  for each row when (old.status = 'completed' and
    (old.spec, old.spec_hash, old.status, old.snapshot_hash, old.train_clips, old.validation_clips, old.test_clips, old.backend,
     old.code_version, old.evaluation, old.started_at, old.finished_at)
    is distinct from
    (new.spec, new.spec_hash, new.status, new.snapshot_hash, new.train_clips, new.validation_clips, new.test_clips, new.backend,
     new.code_version, new.evaluation, new.started_at, new.finished_at))
  execute function refuse_change();
