import { basename } from 'node:path'
import { EMOTIONS, type Prediction, type Timeline } from '@ser/contracts'
import { clock, describeTimeline, findStretches, percent } from '@ser/report/text'
import { renderTable } from './terminal.ts'

export type PredictionFormat = 'text' | 'jsonl' | 'csv'

export type PredictedFile =
  | { readonly file: string; readonly prediction: Prediction }
  | { readonly file: string; readonly error: { readonly code: string; readonly message: string } }

/** More are told in a table, a line each. */
const MOST_IN_FULL = 3

/** Predictions as text. */
export function renderPredictions(results: readonly PredictedFile[], columns: number): string[] {
  if (results.length <= MOST_IN_FULL) return results.flatMap((result) => renderPrediction(result))
  const rows = results.map((result) =>
    'error' in result
      ? [result.file, result.error.code, '', result.error.message.slice(0, columns)]
      : [
          result.file,
          emotionOf(result.prediction),
          percent(result.prediction.confidence),
          versionOf(result.prediction),
        ],
  )
  return renderTable(['file', 'emotion', 'confidence', 'by'], rows)
}

/** A prediction as text: the emotion, and a bar for each of the seven; of a timeline, what was when. */
export function renderPrediction(result: PredictedFile): string[] {
  const name = basename(result.file)
  if ('error' in result) return [`${name}: ${result.error.message} (${result.error.code})`]
  const { probabilities, timeline } = result.prediction
  const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a)
  const bars = ranked.map(([label, share]) =>
    `  ${label.padEnd(9)} ${percent(share).padStart(7)} ${'█'.repeat(Math.round(share * 30))}`.trimEnd(),
  )
  const head = `${name}: ${emotionOf(result.prediction)} (${versionOf(result.prediction)})`
  return [head, ...bars, ...(timeline === null ? [] : renderTimeline(timeline))]
}

function renderTimeline(timeline: Timeline): string[] {
  const stretches = findStretches(timeline.windows).map(
    ({ start, end, what }) => `  ${clock(start).padStart(8)} – ${clock(end).padEnd(8)} ${what}`,
  )
  return [`  ${describeTimeline(timeline)}`, ...stretches]
}

function emotionOf({ emotion, uncertain }: Prediction): string {
  return uncertain ? `uncertain (${emotion}?)` : emotion
}

function versionOf({ model, version, alias }: Prediction): string {
  return alias === null ? `${model}@${version}` : `${model}@${version}, ${alias}`
}

/** The names of the columns of `csvRow`. */
export function csvHead(): string {
  return ['file', 'emotion', 'confidence', 'uncertain', ...EMOTIONS, 'seconds', 'model', 'version', 'error'].join(',')
}

/** A prediction as a line of CSV (RFC 4180). */
export function csvRow(result: PredictedFile): string {
  if ('error' in result)
    return [quote(result.file), ...Array.from({ length: 13 }, () => ''), quote(result.error.code)].join(',')
  const { emotion, confidence, uncertain, probabilities, seconds, model, version } = result.prediction
  const shares = EMOTIONS.map((name) => probabilities[name])
  return [quote(result.file), emotion, confidence, uncertain, ...shares, seconds, model, version, ''].join(',')
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
