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

function fanOut(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a SHA-256 of 64 hexadecimal digits: ${sha256}`)
  return `${folder}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
}
