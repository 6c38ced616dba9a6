import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyImpulseResponse } from './apply-impulse-response.ts'
import { decayReverb, generateDecayResponse } from './decay-reverb.ts'
import { drawRoom } from './draw-room.ts'
import { findDirectPath } from './find-direct-path.ts'
import { eyringReflection, generateRoomResponse, type Room } from './generate-room-response.ts'
import { rms } from './levels.ts'
import { largestDifference, voice, whiteNoise } from './make-test-signals.ts'
import { measureRt60 } from './measure-rt60.ts'
import { createRandom } from './random.ts'
import { roomSimulator } from './room-simulator.ts'

const RATE = 16_000
const ROOM: Room = {
  sizeMeters: [5, 4, 3],
  sourceMeters: [1.2, 1.1, 1.6],
  microphoneMeters: [3.4, 2.7, 1.2],
  rt60Seconds: 0.5,
}

describe('measureRt60', () => {
  it('finds the RT60 of an ideal exponential decay, to 0.1 %', () => {
    const ideal = Float32Array.from({ length: RATE }, (_, i) => 10 ** ((-3 * i) / (0.4 * RATE)))
    expect(Math.abs(measureRt60(ideal, RATE, 't20') / 0.4 - 1)).toBeLessThan(0.001)
    expect(Math.abs(measureRt60(ideal, RATE, 't30') / 0.4 - 1)).toBeLessThan(0.001)
  })

  it('refuses a response that does not decay far enough', () => {
    expect(() => measureRt60(Float32Array.of(1, 0.9, 0.8), RATE)).toThrow('does not fall')
  })
})

describe('generateDecayResponse', () => {
  it.each([0.15, 0.3, 0.6, 1.2, 2.5])('has an RT60 of %f s, to 5 % by T20 and T30', (rt60Seconds) => {
    const response = generateDecayResponse(RATE, { rt60Seconds, directToReverberantDb: -20 }, createRandom(3))
    // Without the direct sound, whose energy would make the start of the curve steeper.
    const tail = response.subarray(Math.round(0.005 * RATE))
    expect(Math.abs(measureRt60(tail, RATE, 't20') / rt60Seconds - 1)).toBeLessThan(0.05)
    expect(Math.abs(measureRt60(tail, RATE, 't30') / rt60Seconds - 1)).toBeLessThan(0.05)
  })

  it('has the direct-to-reverberant ratio that was asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 40, noNaN: true }), (directToReverberantDb) => {
        const response = generateDecayResponse(RATE, { rt60Seconds: 0.3, directToReverberantDb }, createRandom(1))
        const tail = rms(response.subarray(1)) * Math.sqrt(response.length - 1)
        expect(20 * Math.log10(response[0] / tail)).toBeCloseTo(directToReverberantDb, 3)
      }),
      { numRuns: 10 },
    )
  })
})

describe('generateRoomResponse', () => {
  it.each([0.2, 0.4, 0.8, 1.5])('has an RT60 of %f s, to 10 % by T30', (rt60Seconds) => {
    const response = generateRoomResponse(RATE, { ...ROOM, rt60Seconds }, createRandom(4))
    expect(Math.abs(measureRt60(response, RATE, 't30') / rt60Seconds - 1)).toBeLessThan(0.1)
  })

  it('has an RT60 within 12 % in whatever room', () => {
    const side = fc.double({ min: 3, max: 9, noNaN: true })
    fc.assert(
      fc.property(
        side,
        side,
        fc.double({ min: 0.25, max: 0.9, noNaN: true }),
        fc.nat(1e6),
        (x, y, rt60Seconds, seed) => {
          const random = createRandom(seed)
          const room = drawRoom({ sizeMeters: [x, y, 2.7], distanceMeters: 1.5, rt60Seconds }, random)
          const measured = measureRt60(generateRoomResponse(RATE, room, random), RATE, 't30')
          expect(Math.abs(measured / rt60Seconds - 1)).toBeLessThan(0.12)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('has the direct sound when and as loud as its distance says, and the first echo off the floor', () => {
    const response = generateRoomResponse(48_000, ROOM, createRandom(5))
    const distance = Math.hypot(2.2, 1.6, 0.4)
    const direct = findDirectPath(response, 48_000)
    expect(Math.abs(direct - (distance / 343) * 48_000)).toBeLessThan(1)
    // Between two samples the windowed sinc's peak is at most 4 dB lower.
    expect(response[direct] * distance).toBeGreaterThan(0.63)
    expect(response[direct] * distance).toBeLessThan(1.05)
    const floorEcho = Math.round((Math.hypot(2.2, 1.6, 2.8) / 343) * 48_000)
    const around = response.subarray(floorEcho - 2, floorEcho + 3)
    const expected = eyringReflection(ROOM.sizeMeters, ROOM.rt60Seconds) / Math.hypot(2.2, 1.6, 2.8)
    expect(Math.max(...around) / expected).toBeGreaterThan(0.6)
  })

  it('refuses positions outside the room and too close together', () => {
    const random = createRandom(1)
    expect(() => generateRoomResponse(RATE, { ...ROOM, sourceMeters: [5.1, 1, 1] }, random)).toThrow('not inside')
    expect(() => generateRoomResponse(RATE, { ...ROOM, sourceMeters: ROOM.microphoneMeters }, random)).toThrow('closer')
  })
})

describe('drawRoom', () => {
  it('puts source and microphone into the room, at the distance where there is space', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 4, noNaN: true }), fc.nat(1e6), (distanceMeters, seed) => {
        const room = drawRoom({ sizeMeters: [4, 3, 2.5], distanceMeters, rt60Seconds: 0.4 }, createRandom(seed))
        for (let axis = 0; axis < 3; axis++) {
          for (const at of [room.sourceMeters[axis], room.microphoneMeters[axis]]) {
            expect(at).toBeGreaterThan(0)
            expect(at).toBeLessThan(room.sizeMeters[axis])
          }
        }
        const apart = Math.hypot(...room.sourceMeters.map((at, axis) => at - room.microphoneMeters[axis]))
        // Where the room is too small, as far apart as 80 % of its width.
        const misses = [apart - distanceMeters, distanceMeters > 3.2 ? apart - 3.2 : Infinity].map(Math.abs)
        expect(Math.min(...misses)).toBeLessThan(1e-6)
      }),
    )
  })
})

describe('applyImpulseResponse', () => {
  const speech = voice(150, [500, 1500], 1, RATE)

  it('gives the input for a unit impulse, wherever that lies', () => {
    for (const delay of [0, 7, 400]) {
      const response = new Float32Array(500)
      response[delay] = 0.25
      const output = applyImpulseResponse(speech, RATE, { response })
      expect(largestDifference(output, speech)).toBeLessThan(1e-5)
    }
  })

  it('takes the first strong sound as the direct path, not a stronger echo later', () => {
    const response = new Float32Array(2000)
    response[100] = 0.5
    response[900] = 0.8
    expect(findDirectPath(response, RATE)).toBe(100)
  })

  it('keeps the level and the length, or appends the tail', () => {
    const response = generateDecayResponse(RATE, { rt60Seconds: 0.4, directToReverberantDb: 0 }, createRandom(1))
    const kept = applyImpulseResponse(speech, RATE, { response })
    expect(kept.length).toBe(speech.length)
    expect(rms(kept) / rms(speech)).toBeCloseTo(1, 5)
    const whole = applyImpulseResponse(speech, RATE, { response, keepLength: false })
    expect(whole.length).toBe(speech.length + response.length - 1)
  })

  it('is the same convolution for every part of the sum (linear up to the level)', () => {
    const response = whiteNoise(300, 1)
    const a = whiteNoise(2000, 2)
    const b = whiteNoise(2000, 3)
    const sum = applyImpulseResponse(
      a.map((value, i) => value + b[i]),
      RATE,
      { response, keepLength: false },
    )
    const wetA = applyImpulseResponse(a, RATE, { response, keepLength: false })
    const wetB = applyImpulseResponse(b, RATE, { response, keepLength: false })
    // Level keeping scales each: fit the two factors on two points and hold the rest against them.
    const residual = fitResidual(sum, wetA, wetB)
    expect(residual).toBeLessThan(1e-5)
  })

  it('refuses a response without sound', () => {
    expect(() => applyImpulseResponse(speech, RATE, { response: new Float32Array(10) })).toThrow('no sound')
  })
})

function dot(u: Float32Array, v: Float32Array): number {
  return u.reduce((sum, value, i) => sum + value * v[i], 0)
}

/** The RMS of what is left of y after the least-squares fit by a and b, relative to y. */
function fitResidual(y: Float32Array, a: Float32Array, b: Float32Array): number {
  const [aa, ab, bb, ya, yb] = [dot(a, a), dot(a, b), dot(b, b), dot(y, a), dot(y, b)]
  const determinant = aa * bb - ab * ab
  const forA = (ya * bb - yb * ab) / determinant
  const forB = (yb * aa - ya * ab) / determinant
  return rms(y.map((value, i) => value - forA * a[i] - forB * b[i])) / rms(y)
}

describe('decayReverb and roomSimulator', () => {
  it('keep onset, length and level, and repeat with their seed', () => {
    const speech = new Float32Array(RATE)
    speech.set(voice(150, [500, 1500], 0.5, RATE), 4000)
    for (const reverb of [
      (seed: number) => decayReverb(speech, RATE, { rt60Seconds: 0.4, directToReverberantDb: 5 }, createRandom(seed)),
      (seed: number) => roomSimulator(speech, RATE, ROOM, createRandom(seed)),
    ]) {
      const wet = reverb(1)
      expect(wet.length).toBe(speech.length)
      expect(rms(wet) / rms(speech)).toBeCloseTo(1, 5)
      expect(rms(wet.subarray(0, 3950))).toBeLessThan(0.001 * rms(speech))
      expect(rms(wet.subarray(12_500))).toBeGreaterThan(0.001 * rms(speech))
      expect(largestDifference(reverb(1), wet)).toBe(0)
      expect(largestDifference(reverb(2), wet)).toBeGreaterThan(0.001)
    }
  })
})
