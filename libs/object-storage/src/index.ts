export {
  createObjectStorage,
  type ObjectStorage,
  type ObjectStorageOptions,
  type PutOptions,
  type StoredObject,
} from './create-object-storage.ts'
export { mapStorageError } from './map-storage-error.ts'
export { audioKey, audioMediaType, checkpointKey, checkpointPrefix, modelKey } from './object-keys.ts'
