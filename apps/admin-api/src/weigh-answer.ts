import { EMOTIONS, SerError, type Emotion } from '@ser/contracts'
import type { Probabilities } from './load-classifier.ts'

export type Weighed = { readonly emotion: Emotion; readonly confidence: number; readonly uncertain: boolean }

/** The likeliest emotion, its probability, and whether that is less than what was asked for. */
export function weighAnswer(probabilities: Probabilities, minConfidence: number): Weighed {
  const emotion = EMOTIONS.reduce((best, name) => (probabilities[name] > probabilities[best] ? name : best))
  const confidence = probabilities[emotion]
  return { emotion, confidence, uncertain: confidence < minConfidence }
}

/** Root mean square in dB of full scale; -Infinity for perfect silence. */
export function levelOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return 10 * Math.log10(sum / samples.length)
}

export function silentError(silence: number): SerError {
  return new SerError(
    'SILENT',
    `there is nothing but silence in the recording (it stays below ${silence} dBFS): check the microphone, or lower \`silence\``,
    { kind: 'bad-input' },
  )
}
