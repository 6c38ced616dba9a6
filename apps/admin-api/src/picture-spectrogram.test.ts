import { inflateSync } from 'node:zlib'
import { encodeWav } from '@ser/audio'
import { drawSpectrogram } from '@ser/report'
import { expect, test } from 'vitest'
import { encodePng } from './encode-png.ts'
import { pictureSpectrogram } from './picture-spectrogram.ts'

const tone = (hz: number, seconds: number) =>
  encodeWav({
    samples: Float32Array.from(
      { length: 22_050 * seconds },
      (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / 22_050),
    ),
    sampleRate: 22_050,
  })

const draw = async (recording: Uint8Array) => drawSpectrogram(await pictureSpectrogram(recording))

/** The pixels of a PNG without filters, row by row. */
function readPng(png: Buffer): { width: number; height: number; rows: Uint8Array[] } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const data = png.indexOf('IDAT')
  const bytes = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))
  const rows = Array.from({ length: height }, (_, row) =>
    bytes.subarray(row * (width + 1) + 1, (row + 1) * (width + 1)),
  )
  return { width, height, rows }
}

function pixelsOf(svg: string) {
  const base64 = /data:image\/png;base64,([^"]+)/.exec(svg)?.[1] ?? ''
  return readPng(Buffer.from(base64, 'base64'))
}

test('a PNG holds its pixels, and its chunks have the check sums of the standard', () => {
  const palette = Uint8Array.from([0, 0, 0, 255, 255, 255])
  const png = Buffer.from(encodePng({ width: 3, height: 2, pixels: Uint8Array.from([0, 1, 0, 1, 1, 1]), palette }))
  expect(readPng(png)).toMatchObject({ width: 3, height: 2 })
  expect(readPng(png).rows.map((row) => [...row])).toEqual([
    [0, 1, 0],
    [1, 1, 1],
  ])
  // Of an empty IEND, as every PNG ends.
  expect(png.subarray(-4).toString('hex')).toBe('ae426082')
})

/** The row, from the top, in which a tone is brightest. */
async function brightest(hz: number): Promise<number> {
  const { width, rows } = pixelsOf(await draw(tone(hz, 1)))
  const middle = rows.map((row) => row[Math.floor(width / 2)])
  expect(Math.max(...middle)).toBeGreaterThan(250)
  return middle.indexOf(Math.max(...middle))
}

test('a tone is bright where its frequency is, and a higher one lies above', async () => {
  const [low, high] = [await brightest(300), await brightest(6000)]
  expect(high).toBeLessThan(low)
})

test('is the same for the same recording, bounded for a long one, and has axes in seconds and Hz', async () => {
  const svg = await draw(tone(440, 2))
  expect(await draw(tone(440, 2))).toBe(svg)
  expect(svg).toContain('2.00 s, 0 to 11025 Hz')
  expect(svg).toMatch(/>1.5<.*>2<.*>1000<.*>8000</)
  expect(svg.length).toBeLessThan(100_000)
  expect(pixelsOf(await draw(tone(440, 60))).width).toBeLessThanOrEqual(561)
})

test('draws silence, and refuses what is no recording', async () => {
  const silence = encodeWav({ samples: new Float32Array(2205), sampleRate: 22_050 })
  expect(
    pixelsOf(await draw(silence))
      .rows.flatMap((row) => [...row])
      .every((pixel) => pixel === 0),
  ).toBe(true)
  await expect(draw(Buffer.from('text'))).rejects.toMatchObject({ kind: 'bad-input' })
})
