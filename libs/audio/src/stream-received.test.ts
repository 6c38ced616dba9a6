import { expect, test } from 'vitest'
import { encodeWav } from './encode-wav.ts'
import { loadWaveform } from './load-waveform.ts'
import { streamReceived } from './stream-received.ts'

const sampleRate = 44_100
const channel = (step: number) =>
  Float32Array.from({ length: 8 * sampleRate }, (_, index) => 0.5 * Math.sin(index / step))
const recording = encodeWav({ samples: [channel(7), channel(31)], sampleRate })

async function* inChunks(bytes: Uint8Array, length: number, onTaken: (end: number) => void = () => {}) {
  for (let at = 0; at < bytes.length; at += length) {
    onTaken(at + length)
    yield bytes.subarray(at, at + length)
  }
}

async function join(blocks: AsyncIterable<Float32Array>): Promise<number[]> {
  const samples: number[] = []
  for await (const block of blocks) samples.push(...block)
  return samples
}

test.each([1009, 65_536, 2_000_000])(
  'gives the samples of the whole recording from chunks of %i bytes',
  async (length) => {
    const samples = await join(streamReceived(inChunks(recording, length), { fileBytes: recording.length }))
    expect(samples).toEqual([...loadWaveform(recording).samples])
  },
)

test('samples that end before the header says so are taken as far as they go', async () => {
  const cut = recording.subarray(0, 1_200_001)
  const samples = await join(streamReceived(inChunks(cut, 65_536), { fileBytes: cut.length }))
  expect(samples).toEqual([...loadWaveform(cut).samples])
})

test('finds samples behind a chunk that is longer than what is looked at first', async () => {
  const chunk = new Uint8Array(8 + 1_500_000)
  chunk.set(Buffer.from('junk'))
  new DataView(chunk.buffer).setUint32(4, 1_500_000, true)
  const late = Buffer.concat([recording.subarray(0, 12), chunk, recording.subarray(12)])
  const samples = await join(streamReceived(inChunks(late, 65_536), { fileBytes: late.length }))
  expect(samples).toEqual([...loadWaveform(recording).samples])
})

test('refuses what lasts too long after its first mebibyte, and asks for no more', async () => {
  let taken = 0
  const chunks = inChunks(recording, 65_536, (end) => (taken = end))
  const received = streamReceived(chunks, { fileBytes: recording.length, maxSeconds: 5 })
  await expect(received.next()).rejects.toMatchObject({ code: 'too_long' })
  expect(taken).toBeLessThanOrEqual(2 ** 20)
})

test('an error on the way is passed on', async () => {
  const chunks = async function* () {
    yield recording.subarray(0, 1_200_000)
    throw new Error('connection lost')
  }
  await expect(join(streamReceived(chunks(), { fileBytes: recording.length }))).rejects.toThrow('connection lost')
})
