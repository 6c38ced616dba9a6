import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type ServedFile = {
  readonly label: string
  readonly content: Buffer
  readonly directoryLabel?: string
  readonly md5?: string
  readonly original?: { readonly name: string; readonly content: Buffer }
  readonly restricted?: boolean
}

/** What goes wrong with the n-th request (from 0) for a file; `undefined` when nothing does. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The connection is lost after so many bytes, once `when` resolves. */
  | { readonly kind: 'cut'; readonly after: number; readonly when?: Promise<unknown> }
  | { readonly kind: 'stall'; readonly after: number }
  | { readonly kind: 'garble' }

export type ServerOptions = {
  readonly files: readonly ServedFile[]
  readonly ranges?: boolean
  readonly fault?: (label: string, nth: number) => Fault | undefined
  readonly listFault?: (nth: number) => Fault | undefined
  /** What the listing answers with instead. */
  readonly listing?: string
}

export type SeenRequest = { readonly path: string; readonly range: string | undefined }

/** A Dataverse as far as a download sees one: /api/info/version, the list of files, and /api/access/datafile. */
export async function serveDataverse(options: ServerOptions) {
  const seen: SeenRequest[] = []
  const counts = new Map<string, number>()
  const count = (key: string) => {
    const nth = counts.get(key) ?? 0
    counts.set(key, nth + 1)
    return nth
  }
  let open = 0
  let most = 0
  const server = createServer((request, response) => {
    open++
    most = Math.max(most, open)
    response.on('close', () => open--)
    seen.push({ path: request.url!, range: request.headers.range })
    answer(request, response, options, count)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    mostAtOnce: () => most,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  count: (key: string) => number,
): void {
  const url = new URL(request.url!, 'http://localhost')
  if (url.pathname === '/api/info/version') return sendJson(response, { version: '6.2' })
  if (url.pathname === '/api/datasets/:persistentId/versions/:latest/files') {
    const fault = options.listFault?.(count('list'))
    if (fault?.kind === 'status') return sendStatus(response, fault)
    if (options.listing !== undefined) return void response.end(options.listing)
    return sendJson(response, { status: 'OK', data: options.files.map(describe) })
  }
  const id = Number(/^\/api\/access\/datafile\/(\d+)$/.exec(url.pathname)?.[1])
  const file = options.files[id - 1]
  if (file === undefined) return sendStatus(response, { kind: 'status', status: 404 })
  const original = url.searchParams.get('format') === 'original' ? file.original : undefined
  sendFile(request, response, original?.content ?? file.content, {
    ranges: options.ranges ?? true,
    fault: options.fault?.(file.label, count(file.label)),
  })
}

function describe(file: ServedFile, index: number) {
  const content = file.original?.content ?? file.content
  const value = file.md5 ?? createHash('md5').update(content).digest('hex')
  return {
    label: file.label,
    restricted: file.restricted ?? false,
    ...(file.directoryLabel === undefined ? {} : { directoryLabel: file.directoryLabel }),
    dataFile: {
      id: index + 1,
      filename: file.label,
      filesize: file.content.length,
      md5: value,
      checksum: { type: 'MD5', value },
      ...(file.original === undefined
        ? {}
        : {
            originalFileFormat: 'text/csv',
            originalFileName: file.original.name,
            originalFileSize: file.original.content.length,
          }),
    },
  }
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  { ranges, fault }: { ranges: boolean; fault: Fault | undefined },
): void {
  if (fault?.kind === 'status') return sendStatus(response, fault)
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
  if (from > 0 && from >= content.length) return sendStatus(response, { kind: 'status', status: 416 })
  const whole = fault?.kind === 'garble' ? Buffer.from(content.map((byte) => byte ^ 1)) : content
  const body = whole.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  })
  if (fault?.kind !== 'cut' && fault?.kind !== 'stall') return void response.end(body)
  response.write(body.subarray(0, fault.after), () => {
    if (fault.kind === 'cut') void (fault.when ?? Promise.resolve()).then(() => response.destroy())
  })
}

function sendStatus(response: ServerResponse, { status, retryAfter }: Fault & { kind: 'status' }): void {
  response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  response.end()
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}
