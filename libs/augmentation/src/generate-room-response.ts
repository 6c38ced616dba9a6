import { AugmentationError, requireRange, requireSampleRate } from './errors.ts'
import type { SeededRandom } from './random.ts'

/** A point or an extent in metres: x, y, z. */
export type Metres = readonly [number, number, number]

export type Room = {
  readonly sizeMeters: Metres
  readonly sourceMeters: Metres
  readonly microphoneMeters: Metres
  /** The time in which the reverberation falls by 60 dB. */
  readonly rt60Seconds: number
}

const SPEED_OF_SOUND = 343
/** Half the length of the windowed sinc that puts a reflection between two samples. */
const SINC_HALF_WIDTH = 16

/** The pressure reflection coefficient with which a room of this size has this RT60, by Eyring's formula (1930). */
export function eyringReflection(sizeMeters: Metres, rt60Seconds: number): number {
  const [x, y, z] = sizeMeters
  const surface = 2 * (x * y + y * z + z * x)
  return Math.exp((-0.161 * x * y * z) / (2 * surface * rt60Seconds))
}

/**
 * The impulse response of an empty rectangular room: image sources (Allen, Berkley 1979; reflections between samples by a windowed sinc)
 * until the field is diffuse, at 0.0117 V + 50.1 ms (Lindau, Kosanke, Weinzierl 2012), then decaying noise at the energy that the image
 * sources had reached, as Lehmann and Johansson (2010) join the two. The tail sets the decay, so the RT60 is the one asked for, and the cost
 * does not grow with its cube.
 * @returns the response; the direct sound is at `distance / 343 m/s`. Throws `outside-the-room`.
 */
export function generateRoomResponse(sampleRate: number, room: Room, random: SeededRandom): Float32Array {
  requireSampleRate(sampleRate)
  requireRoom(room)
  const [x, y, z] = room.sizeMeters
  const direct = distanceBetween(room.sourceMeters, room.microphoneMeters) / SPEED_OF_SOUND
  const mixingSeconds = direct + (0.0117 * x * y * z + 50.1) / 1000
  const response = new Float64Array(Math.ceil((mixingSeconds + 1.2 * room.rt60Seconds) * sampleRate) + SINC_HALF_WIDTH)
  const mixing = Math.floor(mixingSeconds * sampleRate)
  addImages(response, mixing, sampleRate, room)
  addDiffuseTail(response, mixing, sampleRate, room.rt60Seconds, random)
  return new Float32Array(response)
}

function requireRoom({ sizeMeters, sourceMeters, microphoneMeters, rt60Seconds }: Room): void {
  requireRange('rt60Seconds', rt60Seconds, 0.05, 20)
  for (let axis = 0; axis < 3; axis++) {
    requireRange('sizeMeters', sizeMeters[axis], 1, 100)
    for (const at of [sourceMeters[axis], microphoneMeters[axis]]) {
      if (at > 0 && at < sizeMeters[axis]) continue
      throw new AugmentationError('outside-the-room', `a position of ${at} m is not inside ${sizeMeters[axis]} m`)
    }
  }
  if (distanceBetween(sourceMeters, microphoneMeters) >= 0.05) return
  throw new AugmentationError('outside-the-room', 'source and microphone are closer than 5 cm')
}

function distanceBetween(a: Metres, b: Metres): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

/** Along one axis: how far each image is from the microphone, and how many walls its sound has met. */
function imagesAlong(size: number, source: number, microphone: number, reach: number) {
  const images: { offset: number; walls: number }[] = []
  const most = Math.ceil(reach / (2 * size)) + 1
  for (let n = -most; n <= most; n++) {
    images.push({ offset: source + 2 * n * size - microphone, walls: Math.abs(2 * n) })
    images.push({ offset: 2 * n * size - source - microphone, walls: Math.abs(2 * n - 1) })
  }
  return images.filter(({ offset }) => Math.abs(offset) <= reach)
}

function addImages(response: Float64Array, mixing: number, sampleRate: number, room: Room): void {
  const reflection = eyringReflection(room.sizeMeters, room.rt60Seconds)
  const reach = (mixing / sampleRate) * SPEED_OF_SOUND
  const [xs, ys, zs] = [0, 1, 2].map((axis) =>
    imagesAlong(room.sizeMeters[axis], room.sourceMeters[axis], room.microphoneMeters[axis], reach),
  )
  for (const x of xs) {
    for (const y of ys) {
      for (const z of zs) {
        const distance = Math.hypot(x.offset, y.offset, z.offset)
        if (distance > reach) continue
        const amplitude = reflection ** (x.walls + y.walls + z.walls) / distance
        addImpulse(response, (distance / SPEED_OF_SOUND) * sampleRate, amplitude)
      }
    }
  }
}

/** Adds a band-limited impulse between samples: a sinc under a Hann window of 32 samples. */
function addImpulse(response: Float64Array, position: number, amplitude: number): void {
  const first = Math.max(0, Math.ceil(position) - SINC_HALF_WIDTH)
  const last = Math.min(response.length - 1, Math.floor(position) + SINC_HALF_WIDTH)
  // sin(pi (i - position)) only changes its sign from one sample to the next.
  const sine = Math.sin(Math.PI * (first - position))
  for (let i = first, sign = 1; i <= last; i++, sign = -sign) {
    const d = i - position
    const window = 0.5 + 0.5 * Math.cos((Math.PI * d) / SINC_HALF_WIDTH)
    const sinc = Math.abs(d) < 1e-9 ? 1 : (sign * sine) / (Math.PI * d)
    response[i] += amplitude * window * sinc
  }
}

/** From `mixing` on, noise that falls at the RT60, at the level that the reflections of the last 20 ms before had. */
function addDiffuseTail(
  response: Float64Array,
  mixing: number,
  sampleRate: number,
  rt60Seconds: number,
  random: SeededRandom,
): void {
  const fall = 10 ** (-3 / (rt60Seconds * sampleRate))
  const before = Math.min(mixing, Math.round(0.02 * sampleRate))
  let energy = 0
  for (let i = mixing - before; i < mixing; i++) energy += (response[i] * fall ** (mixing - i)) ** 2
  let envelope = Math.sqrt(energy / Math.max(1, before))
  for (let i = mixing; i < response.length; i++) {
    response[i] += envelope * random.normal()
    envelope *= fall
  }
}
