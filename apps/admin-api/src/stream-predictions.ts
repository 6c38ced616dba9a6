import { Readable } from 'node:stream'
import { readRunPredictions, type Queryable, type RunPrediction } from '@ser/database'

export type PredictionFormat = 'jsonl' | 'csv'

export const PREDICTION_MEDIA_TYPES = { jsonl: 'application/jsonl', csv: 'text/csv; charset=utf-8' } as const

/** The predictions of a run as lines, a page at a time: however many there are, few are held. */
export function streamPredictions(
  db: Queryable,
  id: string,
  { labels, format }: { readonly labels: readonly string[]; readonly format: PredictionFormat },
): Readable {
  const lines = async function* () {
    if (format === 'csv') {
      yield `${['clip', 'dataset', 'speaker', 'condition', 'label', 'predicted', ...labels].map(csvField).join(',')}\n`
    }
    for await (const page of readRunPredictions(db, id)) {
      yield page.map((one) => (format === 'csv' ? csvLine(one, labels) : jsonLine(one, labels))).join('')
    }
  }
  return Readable.from(lines())
}

function jsonLine({ sha256, dataset, speaker, condition, ...told }: RunPrediction, labels: readonly string[]): string {
  const probabilities = Object.fromEntries(labels.map((label, index) => [label, shorten(told.probabilities[index])]))
  const [label, predicted] = [labels[told.label], labels[told.predicted]]
  return `${JSON.stringify({ clip: sha256, dataset, speaker, condition, label, predicted, probabilities })}\n`
}

function csvLine({ sha256, dataset, speaker, condition, ...told }: RunPrediction, labels: readonly string[]): string {
  const texts = [sha256, dataset, speaker, condition, labels[told.label], labels[told.predicted]].map(csvField)
  return `${[...texts, ...Array.from(told.probabilities, shorten)].join(',')}\n`
}

/** Nine digits are enough to tell every float32 from every other. */
function shorten(value: number): number {
  return Number(value.toPrecision(9))
}

/** RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe. */
function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
