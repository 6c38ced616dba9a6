-- What a run says of its validation side after each epoch, where it has one, and the learning rate of the epoch's last step.
alter table run_epochs
  add column learning_rate       real,
  add column validation_loss     real,
  add column validation_accuracy real,
  add column validation_uar      real;
