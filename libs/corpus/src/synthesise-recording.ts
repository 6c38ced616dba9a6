import type { Emotion } from '@ser/contracts'
import { planUtterance, type Utterance } from './plan-utterance.ts'
import { createRandom, type Random } from './random.ts'
import { createResonator } from './resonator.ts'
import { seedFrom } from './seed-from.ts'
import { EMOTION_PROFILES, VOICES, type SyntheticSpeaker } from './voice-profiles.ts'

export type SyntheticRecording = {
  readonly speaker: SyntheticSpeaker
  readonly word: string
  readonly emotion: Emotion
  readonly seed: number
  /** Hz; the default is TESS's odd 24414. */
  readonly sampleRate?: number
}

const BANDWIDTHS_HZ = [80, 110, 160] as const
const FIXED_FORMANTS_HZ = [
  [4100, 250],
  [5000, 350],
] as const

/**
 * Says "Say the word" and a word in an emotion, by rule: glottal pulses and noise through formant resonators (Klatt, 1980),
 * with pitch, contour, tempo, loudness, spectral slope, breath and irregularity drawn around what the emotion asks for. It is
 * no human voice, and a model trained on it knows nothing of people; it exercises the whole pipeline without a download.
 *
 * @returns mono samples in [-1, 1], one to three seconds; the same arguments give the same samples
 */
export function synthesiseRecording(recording: SyntheticRecording): Float32Array {
  const { speaker, word, emotion, seed, sampleRate = 24_414 } = recording
  const random = createRandom(seedFrom(seed, speaker, word, emotion))
  const utterance = planUtterance(word, VOICES[speaker], EMOTION_PROFILES[emotion], random)
  const samples = renderUtterance(utterance, sampleRate, random)
  return scaleTo(samples, -25 + utterance.levelDb, random)
}

function renderUtterance(utterance: Utterance, sampleRate: number, random: Random): Float64Array {
  const { frameSeconds, pitchHz, voiced, noise, noiseHz, formantsHz, breath } = utterance
  const samples = new Float64Array(Math.floor(pitchHz.length * frameSeconds * sampleRate))
  const voice = createGlottis(utterance, sampleRate, random)
  const tract = BANDWIDTHS_HZ.map(() => createResonator(sampleRate))
  const fixed = FIXED_FORMANTS_HZ.map(([centreHz, bandwidthHz]) => {
    const resonator = createResonator(sampleRate)
    resonator.tune(centreHz, bandwidthHz)
    return resonator
  })
  const hiss = createResonator(sampleRate)
  let tuned = -1
  for (let at = 0; at < samples.length; at++) {
    const frame = Math.min(pitchHz.length - 1, Math.floor(at / (frameSeconds * sampleRate)))
    if (frame !== tuned) {
      for (const [formant, resonator] of tract.entries()) {
        resonator.tune(formantsHz[3 * frame + formant], BANDWIDTHS_HZ[formant])
      }
      hiss.tune(noiseHz[frame], 0.5 * noiseHz[frame])
      tuned = frame
    }
    const source = voiced[frame] * (voice(pitchHz[frame]) + breath * random.normal())
    const vowel = fixed.reduce(
      (sample, each) => each.step(sample),
      tract.reduce((sample, each) => each.step(sample), source),
    )
    samples[at] = vowel + 0.25 * hiss.step(noise[frame] * random.normal())
  }
  return samples
}

/**
 * The derivative of the glottal flow, one call a sample: KLGLOTT88 (Klatt and Klatt, 1990), flow a t^2 - b t^3 while open, with
 * an open quotient of 0.6, then a one-pole slope. Each period is drawn a little longer or shorter (jitter) and weaker (shimmer).
 */
function createGlottis(utterance: Utterance, sampleRate: number, random: Random): (pitchHz: number) => number {
  const smoothing = Math.exp((-2 * Math.PI * utterance.tiltHz) / sampleRate)
  let phase = 0
  let stretch = 1
  let strength = 1
  let sloped = 0
  return (pitchHz) => {
    phase += (pitchHz * stretch) / sampleRate
    if (phase >= 1) {
      phase -= 1
      stretch = 1 + utterance.jitter * random.normal()
      strength = 1 + 2 * utterance.jitter * random.normal()
    }
    const open = phase / 0.6
    const flow = open < 1 ? strength * (2 * open - 3 * open * open) : 0
    sloped = (1 - smoothing) * flow + smoothing * sloped
    return sloped
  }
}

/** Sets the RMS level in dB of full scale, adds a room's floor at -66 dB, and keeps peaks below 0.98. */
function scaleTo(samples: Float64Array, levelDb: number, random: Random): Float32Array {
  const energy = samples.reduce((sum, each) => sum + each * each, 0)
  const rms = Math.sqrt(energy / samples.length)
  const peak = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
  const gain = Math.min(10 ** (levelDb / 20) / rms, 0.97 / peak)
  return Float32Array.from(samples, (each) => Math.max(-0.98, Math.min(0.98, gain * each + 0.0005 * random.normal())))
}
