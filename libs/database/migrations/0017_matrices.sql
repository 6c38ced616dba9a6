-- A feature set that keeps every frame has a matrix a clip instead of a vector. It lies in the same row of the same table: so a clip
-- owes it, is counted and is found as before. The bytes are those of libs/features (encode-matrix.ts): two a value, and of no use
-- to a general compression, so that Postgres does not try.
alter table feature_vectors
  alter column values drop not null,
  add column frames integer,
  add column matrix bytea;
alter table feature_vectors alter column matrix set storage external;

-- Not valid, so that the rows that are there are not read: they all have values.
alter table feature_vectors add constraint feature_vectors_vector_or_matrix
  check ((values is null) = (matrix is not null) and (matrix is null) = (frames is null)) not valid;

-- Matrices that were laid down as vectors, which nothing has read, are owed again.
do $$
begin
  if exists (select from feature_sets where spec ->> 'pooling' = 'frames') then
    delete from feature_vectors where feature_set_id in (select id from feature_sets where spec ->> 'pooling' = 'frames');
  end if;
end $$;
