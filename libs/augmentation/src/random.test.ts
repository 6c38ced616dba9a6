import { describe, expect, it } from 'vitest'
import { createRandom, createXoshiro128, splitmix64, type Seed } from './random.ts'

describe('splitmix64', () => {
  it('gives the published outputs for the seed 1234567', () => {
    const outputs: bigint[] = []
    let state = 1234567n
    for (let i = 0; i < 3; i++) {
      const step = splitmix64(state)
      state = step.state
      outputs.push(step.output)
    }
    expect(outputs).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n])
  })
})

describe('xoshiro128**', () => {
  it('gives the outputs of its reference implementation for the state 1, 2, 3, 4', () => {
    const next = createXoshiro128(Int32Array.of(1, 2, 3, 4))
    expect(Array.from({ length: 6 }, next)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492])
  })
})

function draw(seed: Seed): number[] {
  return Array.from({ length: 8 }, createRandom(seed).uint32)
}

describe('createRandom', () => {
  it('gives the same stream for the same seed and another for another', () => {
    expect(draw(7)).toEqual(draw(7n))
    expect(draw(255)).toEqual(draw('ff'))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('lets every digit of a SHA-256 count', () => {
    const digits = 'a'.repeat(64)
    const changed = [0, 15, 16, 31, 32, 47, 48, 63].map((at) => `${digits.slice(0, at)}b${digits.slice(at + 1)}`)
    expect(new Set([digits, ...changed].map((seed) => draw(seed)[0])).size).toBe(9)
  })

  it('draws uniform numbers with the mean and variance of their distribution', () => {
    const random = createRandom(1)
    const values = Array.from({ length: 100_000 }, () => random.uniform(-2, 4))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    // Within five standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan((5 * Math.sqrt(3)) / Math.sqrt(values.length))
    expect(variance).toBeCloseTo(3, 1)
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(-2)
    expect(Math.max(...values.slice(0, 1000))).toBeLessThan(4)
  })

  it('draws normal numbers with mean 0, deviation 1 and kurtosis 3', () => {
    const random = createRandom(2)
    const values = Array.from({ length: 200_000 }, () => random.normal())
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length
    expect(Math.abs(moment(1))).toBeLessThan(0.012)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.12)
  })

  it('draws every integer of a range equally often', () => {
    const random = createRandom(3)
    const counts = new Map<number, number>()
    for (let i = 0; i < 60_000; i++) {
      const drawn = random.integer(-1, 4)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3, 4])
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('samples different items, and all where more are asked for', () => {
    const random = createRandom(4)
    const few = random.sample(['a', 'b', 'c', 'd'], 3)
    expect(new Set(few).size).toBe(3)
    expect(random.sample(['a', 'b'], 9).sort()).toEqual(['a', 'b'])
  })

  it('forks a stream that does not depend on what was drawn before', () => {
    const fresh = createRandom(5)
    const used = createRandom(5)
    used.normal()
    used.uniform()
    expect(used.fork(3).uint32()).toBe(fresh.fork(3).uint32())
    expect(fresh.fork(3).uint32()).not.toBe(fresh.fork(4).uint32())
    expect(fresh.fork(0).uint32()).not.toBe(fresh.uint32())
  })

  it('refuses seeds that are not whole numbers or hexadecimal digits', () => {
    expect(() => createRandom(1.5)).toThrow('seed')
    expect(() => createRandom('seed')).toThrow('hexadecimal')
  })

  it('has nothing to choose from an empty list', () => {
    expect(() => createRandom(1).choice([])).toThrow('nothing to choose')
  })
})
