import { createHash } from 'node:crypto'

/**
 * The identity of the exact clips of a run: SHA-256 over the lines `<sha256> <label>\n` in the order of the clips'
 * SHA-256, 64 hexadecimal digits. Independent of the order of `items`.
 */
export function snapshotHash(items: readonly { readonly sha256: string; readonly label: string }[]): string {
  const sorted = [...items].sort((a, b) => (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : 0))
  const hash = createHash('sha256')
  for (const { sha256, label } of sorted) hash.update(`${sha256} ${label}\n`)
  return hash.digest('hex')
}
