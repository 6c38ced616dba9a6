import type { RunSpecInput } from '@ser/contracts'
import { CliError, EXIT } from './cli-error.ts'

/** What `--split` takes. */
export const SPLITS =
  'clip, word, manifest, speaker:NAME,NAME, dataset:NAME,NAME, clip-fold:K/N, word-fold:K/N or speaker-fold:K/N (fold K of N)'

/** What `SPLITS` says. */
export function readSplit(split: string, test: number | undefined): RunSpecInput['split'] {
  if (split === 'clip' || split === 'word') return { by: split, ...(test === undefined ? {} : { test }) }
  if (test !== undefined) {
    const message = `--test is for the splits by clip and by word; what ${split} tests on it says itself`
    throw new CliError(EXIT.usage, 'OPTION_INVALID', message)
  }
  if (split === 'manifest') return { by: 'manifest' }
  const names = /^(speaker|dataset):(.+)$/.exec(split)
  if (names !== null) return { by: names[1] === 'speaker' ? 'speaker' : 'dataset', test: names[2].split(',') }
  const folds = /^(clip|word|speaker)-fold:(\d{1,4})\/(\d{1,4})$/.exec(split)
  if (folds !== null) {
    const by = folds[1] === 'clip' ? 'clip-fold' : folds[1] === 'word' ? 'word-fold' : 'speaker-fold'
    return { by, fold: Number(folds[2]), folds: Number(folds[3]) }
  }
  throw new CliError(EXIT.usage, 'OPTION_INVALID', `--split is ${SPLITS}; not ${split}`)
}
