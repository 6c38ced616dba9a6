import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWaveformLoader } from '@ser/audio'
import { createExtractor } from '@ser/features'
import { describe, expect, it } from 'vitest'

// librosa's own results on recordings that do not lie in this repository: golden.json beside small synthetic
// recordings, tess.json for some of TESS (TESS_DIR). The order of values there: 40 MFCC, 128 mel, ZCR, RMS.
const goldenDir = process.env['SER_GOLDEN_DIR'] ?? join(import.meta.dirname, '../../../shared/golden')
const tessDir = process.env['TESS_DIR']

type Golden = {
  features: number[] | null
  n_22050?: number
  y_mid_start?: number
  y_mid?: number[]
  y_first?: number[]
  y_last?: number[]
  skip?: string[]
}

/** The files of a golden list; none where the list is absent. */
function readList(name: string): string {
  const path = join(goldenDir, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : '{"files":{}}'
}

const load = createWaveformLoader()
const extractor = createExtractor()

type Tolerances = { readonly mfcc: number; readonly mel: number; readonly rms: number; readonly skipZcr: boolean }

function within(value: number, wanted: number, tolerance: number): void {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance)
}

/** Compares in the golden files' order; the tolerances are golden.json's own. */
function expectFeatures(actual: Float32Array, expected: number[], frames: number, tolerances: Tolerances): void {
  const loudest = Math.max(...expected.slice(40, 168))
  for (let i = 0; i < 40; i++) within(actual[128 + i], expected[i], tolerances.mfcc)
  for (let i = 0; i < 128; i++) within(actual[i], expected[40 + i], tolerances.mel * expected[40 + i] + 1e-10 * loudest)
  // Three crossings in the whole recording.
  if (!tolerances.skipZcr) within(actual[168], expected[168], 3 / (2048 * frames))
  within(actual[169], expected[169], tolerances.rms * expected[169])
}

const goldenList: { files: Record<string, Golden> } = JSON.parse(readList('golden.json'))
const golden = Object.entries(goldenList.files)
const accepted = golden.filter(([, { features }]) => features !== null)
const refused = golden.filter(([, { features }]) => features === null)

describe.skipIf(golden.length === 0)('golden recordings (SER_GOLDEN_DIR)', () => {
  it('has recordings to take and recordings to refuse', () => {
    expect([accepted.length > 0, refused.length > 0]).toEqual([true, true])
  })

  it.each(accepted)('%s has librosa’s samples and features', (name, expected) => {
    const { samples } = load(readFileSync(join(goldenDir, name)))
    expect(samples.length).toBe(expected.n_22050)
    const near = (values: number[] = [], start = 0): void =>
      values.forEach((value, i) => expect(Math.abs(samples[start + i] - value)).toBeLessThan(1e-6))
    near(expected.y_mid, expected.y_mid_start)
    near(expected.y_first)
    near(expected.y_last, samples.length - (expected.y_last?.length ?? 0))
    expectFeatures(extractor.extract(samples), expected.features ?? [], 1 + Math.floor(samples.length / 512), {
      mfcc: name.startsWith('tone_10800') ? 2e-2 : 5e-4,
      mel: name.startsWith('half_silence') ? 2e-4 : 2e-5,
      rms: 5e-6,
      skipZcr: expected.skip?.includes('zcr') ?? false,
    })
  })

  it.each(refused)('%s is refused with a reason', (name) => {
    expect(() => load(readFileSync(join(goldenDir, name)))).toThrow(
      expect.objectContaining({ kind: 'bad-input', code: expect.stringMatching(/^(not_audio|empty)$/) }),
    )
  })
})

const tessList: { files: Record<string, number[]> } = JSON.parse(readList('tess.json'))
const tess = Object.entries(tessList.files)

describe.skipIf(!tessDir || tess.length === 0)('recordings of TESS (SER_GOLDEN_DIR, TESS_DIR)', () => {
  it('has recordings to compare', () => {
    expect(tess.length).toBeGreaterThan(100)
  })

  it.each(tess)('%s has librosa’s features', (name, expected) => {
    const { samples } = load(readFileSync(join(tessDir ?? '', name)))
    const frames = 1 + Math.floor(samples.length / 512)
    expectFeatures(extractor.extract(samples), expected, frames, { mfcc: 5e-4, mel: 2e-5, rms: 5e-6, skipZcr: false })
  })
})
