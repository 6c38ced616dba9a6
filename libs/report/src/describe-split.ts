import type { SplitSpec } from '@ser/contracts'

/** How the clips are divided, as a person says it; fold 0 is all folds. */
export function describeSplit(split: SplitSpec): string {
  switch (split.by) {
    case 'speaker':
      return `unseen speakers: ${split.test.join(', ')} on the test side`
    case 'dataset':
      return `unseen datasets: ${split.test.join(', ')} on the test side`
    case 'speaker-fold':
      return `unseen speakers: ${describeFold(split)}`
    case 'word-fold':
      return `unseen words: ${describeFold(split)}`
    case 'clip-fold':
      return `at random, ${describeFold(split)}`
    case 'clip':
      return `at random, ${share(split.test)} on the test side`
    case 'word':
      return `unseen words, ${share(split.test)} on the test side`
    default:
      return 'as the manifest says'
  }
}

function describeFold({ folds, fold }: { readonly folds: number; readonly fold: number }): string {
  return fold === 0 ? `each of ${folds} folds in turn` : `fold ${fold} of ${folds} on the test side`
}

/** A count, or a fraction below 1. */
function share(test: number): string {
  return test < 1 ? `${test * 100} %` : String(test)
}
