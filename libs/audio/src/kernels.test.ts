import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadKernels } from './kernels.ts'
import { createReferenceResampler, createResampler } from './resample.ts'

function noise(count: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
}

describe('the resampling kernels', () => {
  it('are in use here', () => {
    expect(loadKernels()).toBeDefined()
  })

  it('give what the plain TypeScript gives, for any rates and lengths', () => {
    const rate = fc.oneof(
      fc.constantFrom(8000, 11_025, 16_000, 22_050, 24_414, 32_000, 37_800, 44_100, 48_000, 96_000, 192_000),
      fc.integer({ min: 8000, max: 192_000 }),
    )
    const counts = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(rate, rate, counts, (from, to, lengths) => {
        const resample = createResampler(from, to)
        const reference = createReferenceResampler(from, to)
        for (const count of lengths) {
          const samples = noise(count, count)
          const [actual, expected] = [resample(samples), reference(samples)]
          expect(actual.length).toBe(expected.length)
          const largest = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0)
          // The kernels compute in float32, of numbers up to one: about 2^-21 where every rounding adds up, and what
          // libsoxr's parabolas leave out, -115 dB at most.
          expect(largest).toBeLessThan(1e-5)
        }
      }),
      { numRuns: 30 },
    )
  })

  it.each([8000, 24_414, 44_100, 48_000, 96_000])('leave silence beside noise silent, from %i Hz', (from) => {
    // Rounding of the loud part would cross zero at every other sample; up to 1e-10 counts as no crossing.
    const samples = new Float32Array(4 * from)
    samples.set(noise(from, 3))
    const output = createResampler(from, 22_050)(samples)
    const silent = output.subarray(Math.ceil(1.5 * 22_050))
    expect(silent.length).toBeGreaterThan(2 * 22_050)
    expect(silent.every((value) => Math.abs(value) < 1e-12)).toBe(true)
  })

  it('are what assembly/*.ts compiles to', { timeout: 120_000 }, async () => {
    const script = join(import.meta.dirname, '../build-kernels.mjs')
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined()
  })
})
