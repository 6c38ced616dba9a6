import type { Ingestion } from '@ser/contracts'

/**
 * Writes counts down twice a second while they change, one write at a time. A write that fails is left to the next one:
 * when the database is lost, the work itself says so.
 *
 * @returns ends it, after the write that is on its way
 */
export function reportProgress(
  read: () => Ingestion['counts'],
  write: (counts: Ingestion['counts']) => Promise<void>,
  everyMs = 500,
): () => Promise<void> {
  let written = JSON.stringify(read())
  let writing = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    const counts = read()
    const text = JSON.stringify(counts)
    if (busy || text === written) return
    busy = true
    writing = write(counts)
      .then(() => void (written = text))
      .catch(() => {})
      .finally(() => void (busy = false))
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await writing
  }
}
