import { encodeWav } from '@ser/audio'
import { EMOTIONS } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { createRandom, shuffled } from './random.ts'
import { synthesiseRecording, type SyntheticRecording } from './synthesise-recording.ts'
import { SYNTHETIC_SPEAKERS } from './voice-profiles.ts'

export type SyntheticCorpusOptions = {
  /** How many words, 1 to 200; TESS has 200. */
  readonly words: number
  /** 1 or 2; TESS has 2. */
  readonly speakers?: number
  readonly seed?: number
  /** Hz. */
  readonly sampleRate?: number
}

const CONSONANTS = ['b', 'd', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't'] as const
const VOWELS = ['a', 'e', 'i', 'o', 'u'] as const

export type SyntheticFile = { readonly path: string; readonly bytes: Uint8Array }

/** Every recording of a corpus in TESS's layout: speakers x words x the seven emotions, `path` as TESS publishes it. */
export function syntheticCorpusPlan(
  options: SyntheticCorpusOptions,
): readonly (SyntheticRecording & { readonly path: string })[] {
  const { words, speakers = 2, seed = 1, sampleRate = 24_414 } = options
  assertWithin('words', words, 200)
  assertWithin('speakers', speakers, SYNTHETIC_SPEAKERS.length)
  const spoken = inventWords(words)
  return SYNTHETIC_SPEAKERS.slice(0, speakers).flatMap((speaker) =>
    EMOTIONS.flatMap((emotion) =>
      spoken.map((word) => {
        const [folder, file] = emotion === 'surprise' ? ['pleasant_surprise', 'ps'] : [emotion, emotion]
        return { speaker, word, emotion, seed, sampleRate, path: `${speaker}_${folder}/${speaker}_${word}_${file}.wav` }
      }),
    ),
  )
}

/** The files of the corpus one after the other, 16-bit mono WAV; each takes some milliseconds, between which others may run. */
export async function* syntheticCorpus(
  options: SyntheticCorpusOptions,
): AsyncGenerator<SyntheticFile, void, undefined> {
  for (const recording of syntheticCorpusPlan(options)) {
    await new Promise((resolve) => setImmediate(resolve))
    const samples = synthesiseRecording(recording)
    yield { path: recording.path, bytes: encodeWav({ samples, sampleRate: recording.sampleRate! }) }
  }
}

/** Syllables of consonant, vowel, consonant in an order that is always the same: `inventWords(5)` begins `inventWords(50)`. */
function inventWords(count: number): string[] {
  const syllables = CONSONANTS.flatMap((onset) =>
    VOWELS.flatMap((vowel) => CONSONANTS.map((coda) => onset + vowel + coda)),
  )
  return shuffled(syllables, createRandom(1)).slice(0, count)
}

function assertWithin(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw corpusError('SYNTHETIC_PLAN_INVALID', `a synthetic corpus has 1 to ${most} ${name}, not ${value}`)
}
