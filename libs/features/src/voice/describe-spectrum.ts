import type { DescriptorTracks, VoiceDescriptor } from './descriptors.ts'
import { frameEnergy } from './find-speech.ts'
import { BINS, BIN_HZ, type TransformFrames } from './transform-frames.ts'
import { voiceMelBands } from './voice-mel-bands.ts'

const MEL_BANDS = 40
const MFCC = 12
/** Bins of 62.5 to 7593.75 Hz, over which centroid and flatness are taken. */
const FIRST_BIN = 2
const END_BIN = 244
/** 10 log10(x) = DB ln(x). */
const DB = 10 / Math.LN10

/** The tracks of descriptors that are made of a frame's spectrum. */
type SpectralTracks = Pick<DescriptorTracks, Exclude<VoiceDescriptor, 'hnr' | 'periodicity' | 'h1_h2' | 'h1_a3'>>

/**
 * Makes a function that measures level and spectrum of every frame (25 ms, Hann, centred every 10 ms, 512 bins) of speech
 * at 0 dB, and writes them into the tracks. Descriptors as eGeMAPS defines them, unless named here:
 *
 * - level: dB, not below -60
 * - alpha ratio: 50-1000 Hz over 1-5 kHz, dB; Hammarberg index: the highest peak below 2 kHz over that of 2-5 kHz, dB
 * - slopes: dB a kHz, by least squares from 0 to 500, 500 to 1500, 1500 to 5000 Hz
 * - centroid: log2 Hz; flatness: the mean dB less the dB of the mean power
 * - flux: the distance of the mel amplitudes, scaled to length 1, from those of the frame before
 * - MFCC 1-12 of 40 bands (see `voiceMelBands`) in dB, orthonormal DCT
 *
 * Eyben et al. (2016), The Geneva Minimalistic Acoustic Parameter Set (GeMAPS) for Voice Research and Affective Computing,
 * IEEE Transactions on Affective Computing 7(2).
 */
export function createSpectrumDescriber(
  transformFrames: TransformFrames,
): (speech: Float32Array, tracks: SpectralTracks) => void {
  const describeShape = createShapeDescriber()
  const describeMel = createMelDescriber()
  return (speech, tracks) => {
    transformFrames(speech, tracks.level.length, (power, frame) => {
      tracks.level[frame] = DB * Math.log(frameEnergy(speech, frame) + 1e-6)
      describeShape(power, frame, tracks)
      describeMel(power, frame, tracks)
    })
  }
}

function createShapeDescriber(): (power: Float64Array, frame: number, tracks: SpectralTracks) => void {
  const db = new Float64Array(BINS)
  const slopes = [
    ['slope_0_500', slopeWeights(0, 500)],
    ['slope_500_1500', slopeWeights(500, 1500)],
    ['slope_1500_5000', slopeWeights(1500, 5000)],
  ] as const
  return (power, frame, tracks) => {
    let [sum, sumHz, sumDb] = [0, 0, 0]
    for (let bin = 0; bin < END_BIN; bin++) db[bin] = DB * Math.log(power[bin] + 1e-8)
    for (let bin = FIRST_BIN; bin < END_BIN; bin++) {
      sum += power[bin]
      sumHz += power[bin] * bin * BIN_HZ
      sumDb += db[bin]
    }
    const bins = END_BIN - FIRST_BIN
    tracks.centroid[frame] = Math.log2((sumHz + 0.1) / (sum + 1e-4))
    tracks.flatness[frame] = sumDb / bins - DB * Math.log(sum / bins + 1e-8)
    const [low, high] = [sumBand(power, 50, 1000), sumBand(power, 1000, 5000)]
    tracks.alpha_ratio[frame] = DB * Math.log((low + 1e-7) / (high + 1e-7))
    tracks.hammarberg[frame] = highest(db, 0, 2000) - highest(db, 2000, 5000)
    for (const [name, { from, weights }] of slopes) tracks[name][frame] = weightedSum(weights, db, from)
  }
}

function createMelDescriber(): (power: Float64Array, frame: number, tracks: SpectralTracks) => void {
  const { first, weights } = voiceMelBands(MEL_BANDS, { bins: BINS, binHz: BIN_HZ })
  const dct = Array.from({ length: MFCC }, (_, row) => dctRow(row + 1))
  const cepstrum = Array.from({ length: MFCC }, (_, row) => `mfcc_${row + 1}` as const)
  const mel = new Float64Array(MEL_BANDS)
  const db = new Float64Array(MEL_BANDS)
  let [now, before] = [new Float64Array(MEL_BANDS), new Float64Array(MEL_BANDS)]
  return (power, frame, tracks) => {
    let total = 0
    for (let band = 0; band < MEL_BANDS; band++) {
      const sum = weightedSum(weights[band], power, first[band])
      mel[band] = sum
      total += sum
      db[band] = DB * Math.log(sum + 1e-7)
    }
    for (let row = 0; row < MFCC; row++) tracks[cepstrum[row]][frame] = weightedSum(dct[row], db, 0)
    const length = Math.sqrt(total) + 1e-3
    let distance = 0
    for (let band = 0; band < MEL_BANDS; band++) {
      now[band] = Math.sqrt(mel[band]) / length
      distance += (now[band] - before[band]) ** 2
    }
    tracks.flux[frame] = frame === 0 ? 0 : Math.sqrt(distance)
    ;[now, before] = [before, now]
  }
}

/** The DCT-II of as many values as there are bands, orthonormal for rows from 1 on. */
function dctRow(row: number): Float64Array {
  const scale = Math.sqrt(2 / MEL_BANDS)
  return Float64Array.from(
    { length: MEL_BANDS },
    (_, band) => scale * Math.cos((Math.PI * row * (2 * band + 1)) / (2 * MEL_BANDS)),
  )
}

/** The bins from `fromHz` to below `toHz`. */
function binsOf(fromHz: number, toHz: number): readonly [number, number] {
  return [Math.ceil(fromHz / BIN_HZ), Math.ceil(toHz / BIN_HZ)]
}

/** The weights whose sum of products with a band's dB is the slope of their least-squares line, in dB a kHz. */
function slopeWeights(fromHz: number, toHz: number): { readonly from: number; readonly weights: Float64Array } {
  const [from, end] = binsOf(fromHz, toHz)
  const centre = (from + end - 1) / 2
  const offsets = Float64Array.from({ length: end - from }, (_, i) => ((from + i - centre) * BIN_HZ) / 1000)
  const squares = offsets.reduce((sum, offset) => sum + offset * offset, 0)
  return { from, weights: offsets.map((offset) => offset / squares) }
}

/** The sum of products with the values from `from` on. */
function weightedSum(weights: Float64Array, values: Float64Array, from: number): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i] * values[from + i]
  return sum
}

function sumBand(power: Float64Array, fromHz: number, toHz: number): number {
  const [from, end] = binsOf(fromHz, toHz)
  let sum = 0
  for (let bin = from; bin < end; bin++) sum += power[bin]
  return sum
}

function highest(db: Float64Array, fromHz: number, toHz: number): number {
  const [from, end] = binsOf(fromHz, toHz)
  let most = db[from]
  for (let bin = from + 1; bin < end; bin++) if (db[bin] > most) most = db[bin]
  return most
}
