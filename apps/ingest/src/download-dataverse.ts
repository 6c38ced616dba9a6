import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SerError } from '@ser/contracts'
import { mapLimited } from '@ser/queue'
import { downloadFile } from './download-file.ts'
import { listDataverseFiles, type DataverseDataset } from './list-dataverse-files.ts'
import type { HttpOptions } from './request-with-retry.ts'

/** TESS at its publisher: the University of Toronto's collection at Borealis, CC BY-NC-ND 4.0. */
export const TESS_DATASET: DataverseDataset = {
  baseUrl: 'https://borealisdata.ca',
  persistentId: 'doi:10.5683/SP2/E8H2MF',
}

export type DownloadProgress = {
  readonly files: number
  readonly filesDone: number
  readonly bytes: number
  /** Those that were there before included. */
  readonly bytesDone: number
}

export type DataverseOptions = Partial<HttpOptions> & {
  readonly dataset?: DataverseDataset
  /** Where the files go; what is there and whole is left alone. */
  readonly folder: string
  /** Files at once (default 4). */
  readonly atOnce?: number
  /** How long the first answer may take before the server counts as out of reach, in milliseconds (default 5000). */
  readonly connectMs?: number
  readonly onProgress?: (progress: DownloadProgress) => void
}

export type DownloadReport = DownloadProgress & { readonly downloaded: number }

/**
 * Downloads every file of a dataset: some at once, each verified by its check sum; a download that was cut off goes on
 * where it ended when it is called again.
 *
 * @throws SerError DATAVERSE_UNREACHABLE in `connectMs` when there is no way to the server, DATAVERSE_INVALID,
 *   HTTP_REFUSED, HTTP_FAILED or DOWNLOAD_DAMAGED
 */
export async function downloadDataverse(options: DataverseOptions): Promise<DownloadReport> {
  const { dataset = TESS_DATASET, folder, atOnce = 4, connectMs = 5000, onProgress = () => {} } = options
  const { idleMs = 30_000, attempts = 6, retryDelayMs = 1000, signal = new AbortController().signal } = options
  const http = { idleMs, attempts, retryDelayMs, signal }
  await assertReachable(dataset.baseUrl, connectMs, signal)
  const files = await listDataverseFiles(dataset, http)
  await mkdir(folder, { recursive: true })

  const progress = { files: files.length, filesDone: 0, bytes: 0, bytesDone: 0 }
  for (const file of files) progress.bytes += file.bytes
  let downloaded = 0
  const onBytes = (bytes: number) => {
    progress.bytesDone += bytes
    onProgress({ ...progress })
  }
  await mapLimited(files, atOnce, async (file) => {
    if (await downloadFile(file, join(folder, file.path), { ...http, onBytes })) downloaded++
    progress.filesDone++
    onProgress({ ...progress })
  })
  return { ...progress, downloaded }
}

/** Asks for next to nothing, once: who is offline shall know at once, not after all retries. */
async function assertReachable(baseUrl: string, connectMs: number, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(`${baseUrl}/api/info/version`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(connectMs)]),
    })
    await response.body?.cancel()
  } catch (error) {
    if (signal.aborted) throw error
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    const message = `${baseUrl} is not reachable from here (${reason}); give recordings by a folder or archive instead`
    throw new SerError('DATAVERSE_UNREACHABLE', message, { kind: 'transient', cause: error })
  }
}
