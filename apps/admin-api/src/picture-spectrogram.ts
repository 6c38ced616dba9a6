import { createAsyncWaveformLoader } from '@ser/audio'
import { createExtractor, defaultFeatureSpec } from '@ser/features'
import type { SpectrogramPicture } from '@ser/report'
import { encodePng } from './encode-png.ts'

const SAMPLE_RATE = 22_050
const MELS = 96
const N_FFT = 1024
/** Longer recordings get longer hops, so that no picture is wider. */
const FRAMES_AT_MOST = 560
const RANGE_DB = 80
const LONGEST_SECONDS = 600

/**
 * The log-mel spectrogram of a recording as a picture, to be drawn with its axes: power in dB below its loudest value, on a mel axis in Hz over seconds,
 * resampled to 22 050 Hz. The same recording gives the same picture.
 *
 * @throws AudioError, FeatureError (bad-input)
 */
export async function pictureSpectrogram(recording: Uint8Array): Promise<SpectrogramPicture> {
  const { samples } = await createAsyncWaveformLoader({ sampleRate: SAMPLE_RATE, maxSeconds: LONGEST_SECONDS })(
    recording,
  )
  const hopLength = Math.max(64, Math.ceil(samples.length / FRAMES_AT_MOST))
  const spec = { ...defaultFeatureSpec, sampleRate: SAMPLE_RATE, nFft: N_FFT, hopLength, nMels: MELS, nMfcc: 1 }
  const { frameCount, mel } = createExtractor(spec).extractFrames(samples)
  const png = encodePng({ width: frameCount, height: MELS, pixels: toPixels(mel, frameCount), palette: viridis() })
  return {
    image: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
    seconds: samples.length / SAMPLE_RATE,
    highestHz: SAMPLE_RATE / 2,
    rangeDb: RANGE_DB,
  }
}

/** [frames x mels] power to [mels x frames] indices, the highest frequency in the first row; silence is the darkest. */
function toPixels(mel: Float32Array, frames: number): Uint8Array {
  const loudest = mel.reduce((most, value) => Math.max(most, value), 0)
  const pixels = new Uint8Array(mel.length)
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < MELS; band++) {
      const db = loudest === 0 ? -RANGE_DB : 10 * Math.log10(mel[frame * MELS + band] / loudest)
      pixels[(MELS - 1 - band) * frames + frame] = Math.round(255 * Math.max(0, 1 + db / RANGE_DB))
    }
  }
  return pixels
}

// Polynomials of the sixth degree for red, green and blue of Matplotlib's viridis (Matt Zucker, CC0), within 1 % of it.
const VIRIDIS = [
  [0.277727, 0.105093, -0.330862, -4.63423, 6.22827, 4.776385, -5.435456],
  [0.005407, 1.404614, 0.214848, -5.799101, 14.179933, -13.745145, 4.645853],
  [0.3341, 1.38459, 0.095095, -19.332441, 56.690553, -65.353033, 26.312435],
]

function viridis(): Uint8Array {
  return Uint8Array.from({ length: 256 * 3 }, (_, at) => {
    const place = Math.floor(at / 3) / 255
    const value = VIRIDIS[at % 3].reduceRight((sum, coefficient) => sum * place + coefficient, 0)
    return Math.round(255 * Math.min(1, Math.max(0, value)))
  })
}
