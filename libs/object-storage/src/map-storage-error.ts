import { SerError } from '@ser/contracts'

/**
 * Any error of the S3 client as a SerError: a missing object is `gone` (OBJECT_GONE), a missing bucket
 * (BUCKET_MISSING), refused keys (STORAGE_DENIED) and whatever else a service or a network can do (STORAGE_UNAVAILABLE)
 * are `transient`: somebody can mend them, and then the job goes on.
 */
export function mapStorageError(error: unknown, bucket: string, key?: string): SerError {
  if (error instanceof SerError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const ids = key === undefined ? { bucket } : { bucket, key }
  const what = key === undefined ? `bucket ${bucket}` : `${bucket}/${key}`
  if (code === 'NoSuchKey' || (code === 'NotFound' && key !== undefined))
    return new SerError('OBJECT_GONE', `there is no object ${what}`, { kind: 'gone', ids, cause })
  if (code === 'NoSuchBucket')
    return new SerError('BUCKET_MISSING', `there is no bucket ${bucket}`, { kind: 'transient', ids, cause })
  if (['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'Forbidden'].includes(code))
    return new SerError('STORAGE_DENIED', `the object storage refuses ${what}: check S3_ACCESS_KEY and S3_SECRET_KEY`, {
      kind: 'transient',
      ids,
      cause,
    })
  const reason = cause.message === '' ? code || 'no answer' : cause.message
  return new SerError('STORAGE_UNAVAILABLE', `the object storage failed at ${what}: ${reason}`, {
    kind: 'transient',
    ids,
    cause,
  })
}
