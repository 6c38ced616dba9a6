import { createAnalysis } from './analyse-recording.ts'
import { frameLevels } from './block-sums.ts'
import { createExtractor } from './create-extractor.ts'
import { FeatureError } from './errors.ts'
import { checkSpec, defaultFeatureSpec, type FeatureSpec, type LibrosaSpec } from './feature-spec.ts'
import { loadKernels } from './kernels.ts'
import { streamVoice } from './voice/stream-voice.ts'
import { DYNAMIC_RANGE, LOWEST_POWER, RATIOS_PER_LOGARITHM, dctMatrix, dctRow } from './mfcc.ts'

/** Computes the features of a recording that comes in blocks. */
export type StreamingExtractor = {
  /** Mono samples at the spec's rate, as many as there are. */
  push(samples: Float32Array): void
  /** The mean over time of every feature, as `Extractor.extract` gives it. Then it is ready for the next recording. */
  finish(): Float32Array
}

export type StreamingOptions = {
  /** A recording that lasts longer is refused (`too_long`). */
  readonly maxSeconds?: number
}

// Frames that are computed at once.
const FRAMES_AT_ONCE = 256

/**
 * Makes an extractor for blocks. Its values are those of the whole recording to within float32's rounding.
 *
 * MFCC cuts off 80 dB under the loudest value of the *whole* recording, which is known at its end only; until then any
 * value may be cut off or not, so the mel values of all frames are kept, in float32 as librosa keeps them. That is the
 * bound on memory: 4 nMels bytes a frame, by default 22 kB a second or 79 MB an hour (a quarter of the samples), and
 * `maxSeconds` of it at most, two hours unless told otherwise. All else is kept for one block of frames only.
 *
 * The statistics of a voice need its level first, which is known at the end only: see `streamVoice`.
 *
 * @throws FeatureError `unsupported_spec`; from `push` `not_finite` and `too_long`; from `finish` `empty`
 */
export function createStreamingExtractor(
  spec: FeatureSpec = defaultFeatureSpec,
  { maxSeconds = 7200 }: StreamingOptions = {},
): StreamingExtractor {
  return spec.kind === 'voice' ? streamVoice(spec, maxSeconds) : streamLibrosa(spec, maxSeconds)
}

function streamLibrosa(spec: LibrosaSpec, maxSeconds: number): StreamingExtractor {
  checkSpec(spec)
  const { nFft, hopLength } = spec
  const analyse = createWindowAnalysis(spec)
  // Whole hops that hold what a frame needs on either side of its centre.
  const lead = Math.ceil(nFft / 2 / hopLength)
  let pooled = createPool(spec)
  let total = 0
  // The last samples, from frame `first` - `lead` on (or from the beginning).
  let kept = new Float32Array(0)
  let first = 0

  function takeFrames(count: number): void {
    const skipped = Math.min(first, lead)
    analyse(kept, skipped, count, pooled)
    first += count
    const next = Math.min(first, lead)
    kept = kept.slice((skipped + count - next) * hopLength)
  }

  function push(samples: Float32Array): void {
    total += samples.length
    if (total > maxSeconds * spec.sampleRate) {
      throw new FeatureError('too_long', `the recording lasts longer than the ${maxSeconds} s allowed`)
    }
    const grown = new Float32Array(kept.length + samples.length)
    grown.set(kept)
    grown.set(samples, kept.length)
    kept = grown
    // A frame is complete when the samples behind its centre are there.
    while (Math.floor(kept.length / hopLength) - Math.min(first, lead) - lead >= FRAMES_AT_ONCE) {
      takeFrames(FRAMES_AT_ONCE)
    }
  }

  return {
    push(samples) {
      // A large block is taken piece by piece, or each piece would move all that follows.
      const piece = FRAMES_AT_ONCE * hopLength
      for (let at = 0; at < samples.length; at += piece) push(samples.subarray(at, at + piece))
    },
    finish() {
      if (total === 0) throw new FeatureError('empty', 'the recording has no samples')
      takeFrames(1 + Math.floor(total / hopLength) - first)
      const values = pooled.mean()
      pooled = createPool(spec)
      ;[total, first, kept] = [0, 0, new Float32Array(0)]
      return values
    },
  }
}

type Pool = {
  /** One frame: its mel values (float64 or float32), its ZCR and its RMS. */
  add(mel: ArrayLike<number>, zeroCrossingRate: number, rms: number): void
  mean(): Float32Array
}

/** Gives a piece's frames, from `skipped` on, to the pool. */
type WindowAnalysis = (samples: Float32Array, skipped: number, count: number, pool: Pool) => void

function createWindowAnalysis(spec: LibrosaSpec): WindowAnalysis {
  const { nMels } = spec
  const kernels = loadKernels()
  if (!kernels) {
    const extractor = createExtractor(spec)
    return (samples, skipped, count, pool) => {
      const { mel, zcr, rms } = extractor.extractFrames(samples)
      for (let frame = skipped; frame < skipped + count; frame++) {
        pool.add(mel.subarray(frame * nMels, (frame + 1) * nMels), zcr[frame], rms[frame])
      }
    }
  }
  const analyse = createAnalysis(spec, kernels)
  return (samples, skipped, count, pool) => {
    const { mel, bands, blocks } = analyse(samples)
    for (let frame = skipped; frame < skipped + count; frame++) {
      const { zeroCrossingRate, rms } = frameLevels(blocks, frame, spec)
      pool.add(mel.subarray(frame * bands, frame * bands + nMels), zeroCrossingRate, rms)
    }
  }
}

function createPool({ nMels, nMfcc }: LibrosaSpec): Pool {
  const sums = new Float64Array(nMels)
  const chunks: Float32Array[] = []
  let frames = 0
  let top = LOWEST_POWER
  let crossings = 0
  let levels = 0

  /** The mean of a band in dB over values that are not under the floor. */
  function meanDb(band: number): number {
    const floor = Math.max(LOWEST_POWER, top * DYNAMIC_RANGE)
    let logarithms = 0
    for (let from = 0; from < frames; from += RATIOS_PER_LOGARITHM) {
      const chunk = chunks[from / RATIOS_PER_LOGARITHM]
      const count = Math.min(RATIOS_PER_LOGARITHM, frames - from)
      let product = 1
      for (let frame = 0; frame < count; frame++) product *= Math.max(chunk[frame * nMels + band], floor) / top
      logarithms += Math.log10(product)
    }
    return 10 * (Math.log10(top) + logarithms / frames)
  }

  return {
    add(mel, zeroCrossingRate, rms) {
      const row = frames % RATIOS_PER_LOGARITHM
      if (row === 0) chunks.push(new Float32Array(RATIOS_PER_LOGARITHM * nMels))
      const chunk = chunks[chunks.length - 1]
      for (let band = 0; band < nMels; band++) {
        const power = mel[band]
        chunk[row * nMels + band] = power
        sums[band] += power
        if (power > top) top = power
      }
      frames++
      crossings += zeroCrossingRate
      levels += rms
    },
    mean() {
      const values = new Float32Array(nMels + nMfcc + 2)
      values.set(sums.map((sum) => sum / frames))
      const db = Float64Array.from({ length: nMels }, (_, band) => meanDb(band))
      const dct = dctMatrix(nMfcc, nMels)
      for (let row = 0; row < nMfcc; row++) values[nMels + row] = dctRow(dct, row, db)
      values.set([crossings / frames, levels / frames], nMels + nMfcc)
      return values
    },
  }
}
