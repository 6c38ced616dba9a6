import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import type { Client } from 'minio'

export type SentObject = {
  readonly bucket: string
  readonly key: string
  readonly bytes: Uint8Array
  readonly contentType?: string
  readonly sha256?: string
}

/** What is longer goes in parts: S3 takes at most 5 GiB at once, and a part that was lost is less to send again. */
const WHOLE_BYTES = 64 * 2 ** 20

/**
 * Puts an object with one request. The client's own `putObject` copies the bytes and hashes them twice (SHA-256 for the
 * signature, MD5 for nothing), which took longer than the rest of the request.
 */
export async function sendObject(client: Client, { bucket, key, bytes, ...options }: SentObject): Promise<void> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { contentType = 'application/octet-stream' } = options
  if (body.length > WHOLE_BYTES) {
    await client.putObject(bucket, key, body, body.length, { 'Content-Type': contentType })
    return
  }
  // Over TLS the client signs without a hash of the payload.
  const hash = client.enableSHA256 ? (options.sha256 ?? createHash('sha256').update(body).digest('hex')) : ''
  const headers = { 'Content-Type': contentType, 'Content-Length': String(body.length) }
  const request = { method: 'PUT', bucketName: bucket, objectName: key, headers }
  const response = await client.makeRequestStreamAsync(request, body, hash, [200], '')
  await finished(response.resume())
}
