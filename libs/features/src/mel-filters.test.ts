import { describe, expect, it } from 'vitest'
import { melFilters } from './mel-filters.ts'

const usual = { sampleRate: 22_050, nFft: 2048, nMels: 128 }

describe('melFilters', () => {
  it('gives every band an area of one over the frequencies', () => {
    // Wide bands only: the triangles of the lowest are sampled by three bins.
    const { offset, weights } = melFilters(usual)
    const binHz = usual.sampleRate / usual.nFft
    for (let band = 60; band < 128; band++) {
      const area = weights.slice(offset[band], offset[band + 1]).reduce((sum, weight) => sum + weight, 0) * binHz
      expect(area).toBeGreaterThan(0.99)
      expect(area).toBeLessThan(1.01)
    }
  })

  it('lets each bin fall in at most two bands', () => {
    const { start, offset } = melFilters(usual)
    const bands = new Uint8Array(1025)
    for (let band = 0; band < 128; band++) {
      for (let i = 0; i < offset[band + 1] - offset[band]; i++) bands[start[band] + i]++
    }
    expect(Math.max(...bands)).toBe(2)
  })

  it('leaves a band empty where two edges lie between neighbouring bins', () => {
    const { offset } = melFilters({ sampleRate: 22_050, nFft: 64, nMels: 128 })
    expect(offset[1] - offset[0]).toBe(0)
    expect(offset[128]).toBeGreaterThan(0)
  })
})
