import { readFileSync } from 'node:fs'
import {
  findServices,
  ingestVariables,
  readEnvironment,
  serviceVariables,
  wholeNumber,
  workerSettings,
  workerVariables,
} from '@ser/config'

const MIB = 2 ** 20

const limitVariables = {
  /** Files read, and objects put, at once. */
  SER_INGEST_UPLOADS: wholeNumber(1, 256).default(16),
  /** A larger file is rejected: it is no clip. 64 MiB are twelve minutes of 16-bit stereo at 44.1 kHz. */
  SER_INGEST_MAX_FILE_BYTES: wholeNumber(1, 2 ** 30).default(64 * MIB),
  /** A manifest is held in memory, about four times its length. */
  SER_INGEST_MAX_MANIFEST_BYTES: wholeNumber(1, 2 ** 30).default(64 * MIB),
  /** Files stored in one transaction, and clips in one feature job. */
  SER_INGEST_BATCH_FILES: wholeNumber(1, 256).default(64),
  /** Bytes of recordings in one batch; a process holds about three times as much for each of its jobs. */
  SER_INGEST_BATCH_BYTES: wholeNumber(1, 2 ** 32).default(64 * MIB),
}

/** The settings of the ingest app, from the environment or `.ser/services.json`. */
export function readConfig() {
  const settings = readEnvironment(
    {
      ...ingestVariables,
      ...serviceVariables,
      ...workerVariables,
      ...limitVariables,
    },
    process.env,
    findServices(process.cwd(), (path) => readFileSync(path, 'utf8')),
  )
  return {
    ...workerSettings(settings),
    concurrency: settings.SER_CONCURRENCY ?? 2,
    ingest: {
      roots: settings.SER_INGEST_ROOTS,
      uploads: settings.SER_INGEST_UPLOADS,
      maxFileBytes: settings.SER_INGEST_MAX_FILE_BYTES,
      maxManifestBytes: settings.SER_INGEST_MAX_MANIFEST_BYTES,
      batchFiles: settings.SER_INGEST_BATCH_FILES,
      batchBytes: settings.SER_INGEST_BATCH_BYTES,
    },
  }
}
