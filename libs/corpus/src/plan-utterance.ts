import type { EmotionProfile, VoiceProfile } from './voice-profiles.ts'
import { spellPhrase, type Phone } from './phones.ts'
import type { Random } from './random.ts'

/** What the synthesiser follows: one entry a control frame. */
export type Utterance = {
  readonly frameSeconds: number
  readonly pitchHz: Float64Array
  readonly voiced: Float64Array
  readonly noise: Float64Array
  readonly noiseHz: Float64Array
  /** [frame * 3 + formant], Hz. */
  readonly formantsHz: Float64Array
  readonly levelDb: number
  readonly tiltHz: number
  readonly breath: number
  readonly jitter: number
}

const FRAME_SECONDS = 0.005
const PAUSE: Phone = { formantsHz: [500, 1500, 2500], seconds: 0.12, voiced: 0, noise: 0, noiseHz: 2000 }

/** The course of pitch, loudness and formants over the carrier phrase and a word, as this voice in this emotion would say it. */
export function planUtterance(word: string, voice: VoiceProfile, emotion: EmotionProfile, random: Random): Utterance {
  const tempo = emotion.tempo * Math.exp(0.09 * random.normal())
  const phones = [PAUSE, ...spellPhrase(word), PAUSE]
  const durations = phones.map(({ seconds }) => (seconds / tempo) * Math.exp(0.1 * random.normal()))
  const frames = durations.map((seconds) => Math.max(2, Math.round(seconds / FRAME_SECONDS)))
  const tracks = layPhones(phones, frames, voice.formantScale * Math.exp(0.02 * random.normal()))
  return {
    ...tracks,
    frameSeconds: FRAME_SECONDS,
    pitchHz: drawPitch(tracks.voiced.length, voice, emotion, random),
    levelDb: emotion.levelDb + 2.5 * random.normal(),
    tiltHz: emotion.tiltHz * Math.exp(0.22 * random.normal()),
    breath: (voice.breath + emotion.breath) * Math.exp(0.3 * random.normal()),
    jitter: emotion.jitter * Math.exp(0.3 * random.normal()),
  }
}

type Tracks = Pick<Utterance, 'voiced' | 'noise' | 'noiseHz' | 'formantsHz'>

function layPhones(phones: readonly Phone[], frames: readonly number[], scale: number): Tracks {
  const length = frames.reduce((sum, each) => sum + each, 0)
  const formants = [0, 1, 2].map(() => new Float64Array(length))
  const voiced = new Float64Array(length)
  const noise = new Float64Array(length)
  const noiseHz = new Float64Array(length)
  let at = 0
  for (const [index, phone] of phones.entries()) {
    const end = at + frames[index]
    for (const [formant, track] of formants.entries()) track.fill(phone.formantsHz[formant] * scale, at, end)
    voiced.fill(phone.voiced, at, end)
    noise.fill(phone.noise, at, end)
    noiseHz.fill(phone.noiseHz, at, end)
    at = end
  }
  const smooth = formants.map((track) => glide(track, 5))
  const interleaved = Float64Array.from({ length: 3 * length }, (_, index) => smooth[index % 3][Math.floor(index / 3)])
  return { voiced: glide(voiced, 2), noise: glide(noise, 2), noiseHz, formantsHz: interleaved }
}

/** A moving average over 2 * reach + 1 frames: articulators do not jump. */
function glide(track: Float64Array, reach: number): Float64Array {
  return track.map((_, at) => {
    const part = track.subarray(Math.max(0, at - reach), at + reach + 1)
    return part.reduce((sum, each) => sum + each, 0) / part.length
  })
}

function drawPitch(length: number, voice: VoiceProfile, emotion: EmotionProfile, random: Random): Float64Array {
  const mean = emotion.pitchSemitones + 1.4 * random.normal()
  const accent = emotion.accentSemitones * Math.exp(0.35 * random.normal())
  const drift = emotion.driftSemitones + 1.2 * random.normal()
  const accentAt = [0.2 + 0.04 * random.normal(), 0.72 + 0.05 * random.normal()]
  const tremorHz = 5 + random.next()
  const phase = random.between(0, 2 * Math.PI)
  return Float64Array.from({ length }, (_, frame) => {
    const at = frame / length
    const accents = accentAt.reduce((sum, centre) => sum + accent * Math.exp(-(((at - centre) / 0.09) ** 2)), 0)
    const tremor = emotion.tremorSemitones * Math.sin(2 * Math.PI * tremorHz * frame * FRAME_SECONDS + phase)
    // The drift gathers speed: what a question or a fall does lies on the last word.
    return voice.pitchHz * 2 ** ((mean + accents + drift * at * at + tremor) / 12)
  })
}
