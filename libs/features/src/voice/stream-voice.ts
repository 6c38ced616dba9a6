import { FeatureError } from '../errors.ts'
import type { StreamingExtractor } from '../streaming-extractor.ts'
import { createVoiceExtractor } from './voice-extractor.ts'
import { VOICE_MOST_SECONDS, VOICE_RATE, type VoiceSpec } from './voice-spec.ts'

/** Keeps the blocks of a recording, ten minutes of them at most (`too_long`), and computes when it has ended. */
export function streamVoice(spec: VoiceSpec, maxSeconds: number): StreamingExtractor {
  const extractor = createVoiceExtractor(spec)
  const most = Math.min(maxSeconds, VOICE_MOST_SECONDS)
  let blocks: Float32Array[] = []
  let total = 0
  return {
    push(samples) {
      total += samples.length
      if (total > most * VOICE_RATE) {
        throw new FeatureError('too_long', `the recording lasts longer than the ${most} s allowed`)
      }
      // The caller may use its array again.
      blocks.push(samples.slice())
    },
    finish() {
      const samples = new Float32Array(total)
      let at = 0
      for (const block of blocks) {
        samples.set(block, at)
        at += block.length
      }
      ;[blocks, total] = [[], 0]
      return extractor.extract(samples)
    },
  }
}
