-- A promotion rests on what a run said of its test recordings, so that is closed with the run's completion too.
create trigger run_predictions_closed_to_changes after update on run_predictions referencing old table as changed
  for each statement execute function refuse_change_of_completed_run();
create trigger run_predictions_closed_to_deletion after delete on run_predictions referencing old table as changed
  for each statement execute function refuse_change_of_completed_run();
