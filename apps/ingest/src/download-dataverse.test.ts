import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveDataverse, type ServedFile, type ServerOptions } from './dataverse-for-tests.ts'
import { downloadDataverse, type DataverseOptions, type DownloadProgress } from './download-dataverse.ts'

let folder: string
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ser-dataverse-'))
})
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  await rm(folder, { recursive: true })
})

const files: readonly ServedFile[] = [
  { label: 'ReadMe.txt', content: Buffer.from('Toronto emotional speech set') },
  ...['OAF_angry', 'YAF_sad'].flatMap((directoryLabel) =>
    ['back', 'bar', 'base'].map((word) => ({
      label: `${directoryLabel.replace('_', `_${word}_`)}.wav`,
      directoryLabel,
      content: randomBytes(50_000),
    })),
  ),
]

async function open(options: Partial<ServerOptions> = {}) {
  const server = await serveDataverse({ files, ...options })
  closing.push(server.close)
  const dataset = { baseUrl: server.baseUrl, persistentId: 'doi:10.1/X/Y' }
  const download = (more: Partial<DataverseOptions> = {}) =>
    downloadDataverse({ dataset, folder, retryDelayMs: 1, attempts: 4, idleMs: 2000, ...more })
  return { server, download }
}

const pathOf = ({ directoryLabel, label }: ServedFile) => join(folder, directoryLabel ?? '', label)

async function expectWhole(expected = files) {
  for (const file of expected) expect((await readFile(pathOf(file))).equals(file.content)).toBe(true)
  const names = await readdir(folder, { recursive: true })
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
}

test('downloads every file to its folder, four at once, and counts as it goes', async () => {
  const { server, download } = await open()
  const seen: DownloadProgress[] = []
  const report = await download({ onProgress: (progress) => seen.push(progress) })
  await expectWhole()
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0)
  expect(report).toEqual({ files: 7, filesDone: 7, bytes, bytesDone: bytes, downloaded: 7 })
  expect(seen.at(-1)).toEqual({ files: 7, filesDone: 7, bytes, bytesDone: bytes })
  expect(server.mostAtOnce()).toBeLessThanOrEqual(4)
  expect(server.seen[1].path).toBe('/api/datasets/:persistentId/versions/:latest/files?persistentId=doi%3A10.1%2FX%2FY')
})

test('leaves alone what is there and whole, and replaces what is there and wrong', async () => {
  const { server, download } = await open()
  await download()
  await writeFile(pathOf(files[2]), randomBytes(50_000))
  server.seen.length = 0
  expect(await download()).toMatchObject({ downloaded: 1, filesDone: 7 })
  expect(server.seen.filter(({ path }) => path.includes('datafile'))).toHaveLength(1)
  await expectWhole()
})

test('goes on where a connection was cut', async () => {
  // Cut when bytes have arrived for certain: those that a lost connection still had on their way are lost with it.
  const arrival = new EventEmitter()
  const when = once(arrival, 'bytes')
  const { server, download } = await open({
    files: [files[1]],
    fault: (_, nth) => (nth === 0 ? { kind: 'cut', after: 20_000, when } : undefined),
  })
  const report = await download({ onProgress: ({ bytesDone }) => bytesDone > 0 && arrival.emit('bytes') })
  await expectWhole([files[1]])
  expect(report.bytesDone).toBe(50_000)
  expect(server.seen.map(({ range }) => range).at(-1)).toMatch(/^bytes=[1-9]\d*-$/)
})

test('gets there though every file is cut off twice at any point', async () => {
  const { download } = await open({
    fault: (label, nth) => (label.endsWith('.wav') && nth < 2 ? { kind: 'cut', after: 20_000 } : undefined),
  })
  const report = await download()
  await expectWhole()
  expect(report.bytesDone).toBe(report.bytes)
})

test('goes on from what an earlier process left', async () => {
  const { server, download } = await open()
  const [, file] = files
  await download()
  await rm(pathOf(file))
  await writeFile(`${pathOf(file)}.part`, file.content.subarray(0, 30_000))
  server.seen.length = 0
  const report = await download()
  expect(report.bytesDone).toBe(report.bytes)
  expect(server.seen.filter(({ range }) => range !== undefined)).toEqual([
    { path: '/api/access/datafile/2', range: 'bytes=30000-' },
  ])
  await expectWhole()
})

test('starts again where the server knows no ranges', async () => {
  const { download } = await open({
    ranges: false,
    fault: (label, nth) => (label.endsWith('.wav') && nth === 0 ? { kind: 'cut', after: 20_000 } : undefined),
  })
  const report = await download()
  expect(report.bytesDone).toBe(report.bytes)
  await expectWhole()
})

test('throws away a part that is longer than the file, or of another', async () => {
  const { download } = await open()
  await download()
  await rm(pathOf(files[1]))
  await rm(pathOf(files[2]))
  await writeFile(`${pathOf(files[1])}.part`, randomBytes(60_000))
  await writeFile(`${pathOf(files[2])}.part`, randomBytes(10_000))
  const report = await download()
  expect(report.bytesDone).toBe(report.bytes)
  await expectWhole()
})

test('downloads again what arrived damaged', async () => {
  const { download } = await open({ fault: (_, nth) => (nth === 0 ? { kind: 'garble' } : undefined) })
  await download()
  await expectWhole()
})

test('gives a file up whose check sum is wrong each time, without giving it its name', async () => {
  const { download } = await open({ files: [{ ...files[1], md5: '0'.repeat(32) }] })
  await expect(download()).rejects.toMatchObject({ code: 'DOWNLOAD_DAMAGED', message: /OAF_back_angry.wav/ })
  await expect(readFile(pathOf(files[1]))).rejects.toThrow('ENOENT')
})

test('tries again after 429 and 503, and waits as long as it is told', async () => {
  const { download } = await open({
    listFault: (nth) => (nth === 0 ? { kind: 'status', status: 503 } : undefined),
    fault: (label, nth) =>
      label === 'ReadMe.txt' && nth === 0 ? { kind: 'status', status: 429, retryAfter: '1' } : undefined,
  })
  const start = performance.now()
  await download()
  expect(performance.now() - start).toBeGreaterThan(990)
  await expectWhole()
})

test('gives a server up that never gets well', async () => {
  const { server, download } = await open({ fault: () => ({ kind: 'status', status: 500 }) })
  await expect(download({ atOnce: 1 })).rejects.toMatchObject({ code: 'HTTP_FAILED', kind: 'transient' })
  expect(server.seen.filter(({ path }) => path.includes('datafile'))).toHaveLength(4)
})

test('does not wait for an answer that stands still, and goes on from there', async () => {
  const { server, download } = await open({
    fault: (label, nth) => (label === 'OAF_bar_angry.wav' && nth === 0 ? { kind: 'stall', after: 10_000 } : undefined),
  })
  await download({ idleMs: 300 })
  await expectWhole()
  expect(server.seen.findLast(({ path }) => path.endsWith('/3'))?.range).toMatch(/^bytes=[1-9]/)
})

test('does not repeat what is refused', async () => {
  const { server, download } = await open({ fault: () => ({ kind: 'status', status: 403 }) })
  await expect(download({ atOnce: 1 })).rejects.toMatchObject({ code: 'HTTP_REFUSED', kind: 'bad-input' })
  expect(server.seen.filter(({ path }) => path.includes('datafile'))).toHaveLength(1)
})

test('asks for the original of a table that the Dataverse converted', async () => {
  const original = { name: 'words.csv', content: Buffer.from('a,b\n1,2\n') }
  const { download } = await open({ files: [{ label: 'words.tab', content: Buffer.from('a\tb\n1\t2\n'), original }] })
  await download()
  expect((await readFile(join(folder, 'words.csv'))).equals(original.content)).toBe(true)
})

test('says at once that there is no way to the server', async () => {
  const { server, download } = await open()
  await server.close()
  const start = performance.now()
  await expect(download()).rejects.toMatchObject({
    code: 'DATAVERSE_UNREACHABLE',
    kind: 'transient',
    message: /not reachable from here .*folder or archive/,
  })
  expect(performance.now() - start).toBeLessThan(2000)
})

test.each<[string, Partial<ServerOptions>, RegExp]>([
  ['a page of a hotel', { listing: '<html>Please log in</html>' }, /does not answer like a Dataverse/],
  ['an error in JSON', { listing: '{"status":"ERROR","message":"no"}' }, /does not answer like a Dataverse/],
  ['no files', { files: [] }, /no files/],
  ['a restricted file', { files: [{ ...files[1], restricted: true }] }, /restricted: ask for access/],
  ['a path that leads out', { files: [{ ...files[1], directoryLabel: '../../etc' }] }, /leads out/],
  ['the same path twice', { files: [files[1], files[1]] }, /two files named/],
])('refuses %s', async (_, options, message) => {
  const { download } = await open(options)
  await expect(download()).rejects.toMatchObject({ code: 'DATAVERSE_INVALID', message })
  expect(await readdir(folder)).toEqual([])
})

test('stops when it is told to', async () => {
  const { download } = await open({ fault: () => ({ kind: 'stall', after: 1000 }) })
  const stopping = new AbortController()
  const running = download({ signal: stopping.signal, onProgress: () => stopping.abort() })
  await expect(running).rejects.toThrow()
  expect(stopping.signal.aborted).toBe(true)
})
