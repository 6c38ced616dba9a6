// Downloads TESS (or another dataset in a Dataverse) in a process of its own; the demo starts it.
// Prints JSON lines: {"progress":{...}} about twice a second, then {"report":{...}} or {"error":{"code","message"}}.
// Ends with 0, with 1 when the download failed, with 3 when the server is out of reach.
import { parseArgs } from 'node:util'
import { SerError } from '@ser/contracts'
import { TESS_DATASET, downloadDataverse, type DownloadProgress } from './download-dataverse.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    'base-url': { type: 'string', default: TESS_DATASET.baseUrl },
    'persistent-id': { type: 'string', default: TESS_DATASET.persistentId },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  if (values.folder === undefined) return fail(new Error('--folder FOLDER is missing'))
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  const dataset = { baseUrl: values['base-url'].replace(/\/+$/, ''), persistentId: values['persistent-id'] }
  try {
    const onProgress = throttled(500)
    print({ report: await downloadDataverse({ dataset, folder: values.folder, signal: stopping.signal, onProgress }) })
    return 0
  } catch (error) {
    return fail(error)
  }
}

function throttled(everyMs: number): (progress: DownloadProgress) => void {
  let last = 0
  return (progress) => {
    if (performance.now() - last < everyMs) return
    last = performance.now()
    print({ progress })
  }
}

function fail(error: unknown): number {
  const code = error instanceof SerError ? error.code : 'DOWNLOAD_FAILED'
  print({ error: { code, message: error instanceof Error ? error.message : String(error) } })
  return code === 'DATAVERSE_UNREACHABLE' ? 3 : 1
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
