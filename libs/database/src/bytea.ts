// Hashes are hexadecimal in TypeScript and bytes in Postgres: half as long, and indexed as such.

export function toBytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

export function toHex(bytes: Buffer): string {
  return bytes.toString('hex')
}
