// Keys come from content, so that storing twice stores nothing twice. The two pairs of digits in front spread the keys:
// S3 divides its load by prefix, and stores that keep a key as a path have no folder of millions.

/** Where the bytes of a recording lie, by their SHA-256. */
export function audioKey(sha256: string): string {
  return fanOut('audio', sha256)
}

/** Where a stored model lies, by the SHA-256 of its file. */
export function modelKey(sha256: string): string {
  return fanOut('models', sha256)
}

/** Below which the checkpoints of a run lie; they are removed when it ends. */
export function checkpointPrefix(runId: string): string {
  return `checkpoints/${runId}/`
}

/** Where the state of a run after an epoch lies, as one attempt at it left it: two of them never write the same object. */
export function checkpointKey(runId: string, attempt: number, epoch: number): string {
  return `${checkpointPrefix(runId)}${attempt}-${epoch}`
}

/**
 * The media type that recordings of a container are stored with. WAV has its registered name (RFC 2361): SeaweedFS takes
 * `audio/wav` for something to compress, and spent a third of its time on that, and on expanding it again.
 */
export function audioMediaType(container: string): string {
  if (container === 'wav') return 'audio/vnd.wave'
  return `audio/${container === 'mp3' ? 'mpeg' : container}`
}

function fanOut(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a SHA-256 of 64 hexadecimal digits: ${sha256}`)
  return `${folder}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
}
