import type { FeatureSpec } from '@ser/contracts'
import { featureNames } from '@ser/features'
import type { FileRefusal } from './extract-file.ts'

export type TextFormat = 'jsonl' | 'csv'

/** A recording's vector as one line. */
export function renderVector(format: TextFormat, file: string, values: Float32Array, spec: FeatureSpec): string {
  if (format === 'csv') return `${[quoted(file), ...numbers(values), ''].join(',')}\n`
  if (spec.kind === 'voice') {
    const named = featureNames(spec).map((name, place) => [name, short(values[place])])
    return `${JSON.stringify({ file, voice: Object.fromEntries(named) })}\n`
  }
  const { nMels, nMfcc } = spec
  return `${JSON.stringify({
    file,
    mfcc: numbers(values.subarray(nMels, nMels + nMfcc)),
    melSpectrogram: numbers(values.subarray(0, nMels)),
    zeroCrossingRate: short(values[nMels + nMfcc]),
    rms: short(values[nMels + nMfcc + 1]),
  })}\n`
}

/**
 * The features of every frame: as one line of JSON, or as a line of CSV a frame.
 *
 * @param rows row-major, [frames][values of `featureNames`]
 */
export function renderFrames(format: TextFormat, file: string, rows: Float32Array, spec: FeatureSpec): string {
  const names = featureNames(spec)
  const frames = Array.from({ length: rows.length / names.length }, (_, frame) =>
    numbers(rows.subarray(frame * names.length, (frame + 1) * names.length)),
  )
  if (format === 'jsonl') return `${JSON.stringify({ file, ...groupFrames(frames, spec) })}\n`
  return frames.map((row, frame) => `${[quoted(file), frame, ...row, ''].join(',')}\n`).join('')
}

function groupFrames(frames: readonly number[][], spec: FeatureSpec): object {
  const column = (place: number): number[] => frames.map((row) => row[place])
  if (spec.kind === 'voice') {
    return { voice: Object.fromEntries(featureNames(spec).map((name, place) => [name, column(place)])) }
  }
  const { nMels, nMfcc } = spec
  return {
    mfcc: frames.map((row) => row.slice(nMels, nMels + nMfcc)),
    melSpectrogram: frames.map((row) => row.slice(0, nMels)),
    zeroCrossingRate: column(nMels + nMfcc),
    rms: column(nMels + nMfcc + 1),
  }
}

export function renderRefusal(format: TextFormat, file: string, refused: FileRefusal, spec: FeatureSpec): string {
  if (format === 'jsonl') return `${JSON.stringify({ file, error: refused })}\n`
  const cells = headOf(spec).map(() => '')
  return `${[quoted(file), ...cells.slice(2), quoted(`${refused.code}: ${refused.message}`)].join(',')}\n`
}

/** CSV's first line; nothing for JSON lines. */
export function renderHead(format: TextFormat, spec: FeatureSpec): string {
  return format === 'csv' ? `${headOf(spec).join(',')}\n` : ''
}

function headOf(spec: FeatureSpec): string[] {
  const frame = spec.pooling === 'frames' ? ['frame'] : []
  return ['file', ...frame, ...featureNames(spec), 'error']
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function numbers(values: Float32Array): number[] {
  return Array.from(values, short)
}

/** Nine digits tell every float32 from its neighbours; as a float64 it would have seventeen. */
function short(value: number): number {
  return Number(value.toPrecision(9))
}
