-- What was asked for a dataset is found by the dataset: a list of its requests, and whether it has more than one source. One row a
-- request is written, so that this costs nothing.
create index ingestions_dataset on ingestions (dataset_id, created_at desc, id);
create index augmentations_dataset on augmentations (dataset_id, created_at desc, id);
create index augmentations_into_dataset on augmentations (into_dataset_id);

-- The newest of all models answers who names none.
create index model_versions_created_at on model_versions (created_at desc, version desc);
