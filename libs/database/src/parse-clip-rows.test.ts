import { expect, test } from 'vitest'
import { createClipParser, type VectorClip } from './parse-clip-rows.ts'

function field(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes === null ? -1 : bytes.length)
  return bytes === null ? length : Buffer.concat([length, bytes])
}

function row(sha256: string, texts: readonly (string | null)[], last: readonly [parent: string | null, value: string]) {
  const fields = [
    Buffer.from(sha256, 'hex'),
    ...texts.map((text) => (text === null ? null : Buffer.from(text))),
    ...last.map((hex) => (hex === null ? null : Buffer.from(hex, 'hex'))),
  ]
  return Buffer.concat([Buffer.from([0, fields.length]), ...fields.map(field)])
}

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const trailer = Buffer.from([0xff, 0xff])
const first = 'ab'.repeat(32)
const second = 'cd'.repeat(32)
const copy = Buffer.concat([
  header,
  row(first, ['angry', 'ÖAF', 'back', null, 'tess', 'ä.wav'], [null, '01020304']),
  row(second, ['sad', 'ÖAF', null, 'test', 'ravdess', 'b.wav'], [first, '']),
  trailer,
])

function parse(chunks: readonly Buffer[]) {
  const clips: VectorClip[] = []
  const paths: string[] = []
  const values: (string | undefined)[] = []
  const parser = createClipParser({
    read: (bytes) => void values.push(bytes?.toString('hex')),
    add(clip, path) {
      clips.push(clip)
      paths.push(path)
    },
  })
  for (const chunk of chunks) parser.feed(chunk)
  parser.end()
  return { clips, paths, values }
}

test('reads every row, wherever the stream is cut', () => {
  for (let size = 1; size <= copy.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(copy.length / size) }, (_, index) =>
      copy.subarray(index * size, (index + 1) * size),
    )
    const { clips, paths, values } = parse(chunks)
    expect(clips).toEqual([
      { sha256: first, label: 'angry', speaker: 'ÖAF', word: 'back', split: null, dataset: 'tess', parent: null },
      { sha256: second, label: 'sad', speaker: 'ÖAF', word: null, split: 'test', dataset: 'ravdess', parent: first },
    ])
    expect(values).toEqual(['01020304', ''])
    // As bytes, which is how Postgres compares them.
    expect(paths.map((path) => Buffer.from(path, 'latin1').toString())).toEqual(['ä.wav', 'b.wav'])
  }
})

test('notices a stream that ends in the middle of a row', () => {
  expect(() => parse([copy.subarray(0, copy.length - 10)])).toThrow(RangeError)
})

test('takes nothing for COPY BINARY that is not', () => {
  expect(() => parse([Buffer.from('sha256\tlabel\tspeaker\n')])).toThrow(RangeError)
})
